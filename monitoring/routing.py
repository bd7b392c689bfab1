"""WebSocket addresses, and who may open them."""

from channels.auth import AuthMiddlewareStack
from channels.security.websocket import AllowedHostsOriginValidator
from django.urls import path

from monitoring.live import LiveConsumer
from monitoring.logs import BuildLogConsumer, RunLogConsumer
from monitoring.origins import SameOrigin

routes = [
    path("ws/live", LiveConsumer.as_asgi()),
    path("ws/runs/<int:pk>/log", RunLogConsumer.as_asgi()),
    path("ws/builds/<int:pk>/log", BuildLogConsumer.as_asgi()),
]


def guarded(application):
    """Return the application behind the checks of origin and sign-in."""
    return AllowedHostsOriginValidator(SameOrigin(AuthMiddlewareStack(application)))
