"""Lets a WebSocket in only from a page of the same origin: host and port."""

from urllib.parse import urlsplit

from channels.security.websocket import WebsocketDenier


class SameOrigin:
    """Denies handshakes whose Origin is not the host that they were sent to."""

    def __init__(self, application):
        self.application = application

    async def __call__(self, scope, receive, send):
        headers = dict(scope["headers"])
        origin = urlsplit(headers.get(b"origin", b"").decode("latin-1"))
        host = headers.get(b"host", b"").decode("latin-1")
        if origin.scheme in ("http", "https") and origin.netloc.lower() == host.lower() != "":
            return await self.application(scope, receive, send)
        return await WebsocketDenier()(scope, receive, send)
