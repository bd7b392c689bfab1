"""Sends what is made piece by piece, without holding the whole or the server's loop."""

import asyncio
import threading
from collections.abc import Iterator

from django.core.handlers.asgi import ASGIRequest
from django.http import StreamingHttpResponse

END = object()


def stream(request, pieces: Iterator[bytes], content_type: str) -> StreamingHttpResponse:
    """Return an answer of `pieces`; they are taken in threads, and no more once nobody listens."""
    # Django collects the whole of an iterator that is not of the server's kind.
    body = Steps(pieces) if isinstance(request, ASGIRequest) else pieces
    response = StreamingHttpResponse(body, content_type=content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["X-Accel-Buffering"] = "no"
    return response


class Steps:
    """Takes each piece in a thread; Django closes it with the answer, even amid a piece."""

    def __init__(self, pieces: Iterator[bytes]):
        self.pieces = iter(pieces)
        self.lock = threading.Lock()

    def __aiter__(self):
        return self

    async def __anext__(self) -> bytes:
        piece = await asyncio.to_thread(self.take)
        if piece is END:
            raise StopAsyncIteration
        return piece

    def take(self):
        with self.lock:
            return next(self.pieces, END)

    def close(self) -> None:
        with self.lock:
            if hasattr(self.pieces, "close"):
                self.pieces.close()
