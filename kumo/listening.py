"""The socket that pages are served from; it outlives the web process that serves them."""

import http.client
import socket

from django.conf import settings

BACKLOG = 512
PATIENCE = 2.0


def bind(host: str, port: int) -> socket.socket:
    """Return a listening socket; raises OSError when the address is taken or not ours."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(BACKLOG)
    except OSError:
        listening.close()
        raise
    listening.setblocking(False)
    return listening


def url(listening: socket.socket) -> str:
    """Return the address to open in a browser on this machine."""
    host, port = listening.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    host = f"[{host}]" if ":" in host else host
    return f"http://{host}:{port}/"


def is_answering(listening: socket.socket) -> bool:
    """Tell whether the pages answer at all, be it with an error; this path needs no sign-in."""
    host, port = listening.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    connection = http.client.HTTPConnection(host, port, timeout=PATIENCE)
    try:
        connection.request("GET", "/healthz", headers={"Host": known_name()})
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    else:
        return True
    finally:
        connection.close()


def known_name() -> str:
    name = settings.ALLOWED_HOSTS[0].lstrip(".")
    return "localhost" if name == "*" else name
