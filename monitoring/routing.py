"""WebSocket addresses, and who may open them."""

from channels.auth import AuthMiddlewareStack
from channels.security.websocket import AllowedHostsOriginValidator

routes = []


def guarded(application):
    """Return the application behind the checks of origin and sign-in."""
    return AllowedHostsOriginValidator(AuthMiddlewareStack(application))
