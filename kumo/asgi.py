"""HTTP and WebSockets."""

import os

from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kumo.settings")
pages = get_asgi_application()

from monitoring.routing import guarded, routes  # noqa: E402 - Django must be set up first

application = ProtocolTypeRouter({"http": pages, "websocket": guarded(URLRouter(routes))})
