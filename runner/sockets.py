"""Unix datagrams by which processes of one machine wake each other."""

import contextlib
import os
import select
import socket

_LARGEST = 4096


@contextlib.contextmanager
def short(path: str):
    """Give an address for a socket's path that fits AF_UNIX's 107 bytes, however long the path."""
    directory = os.open(os.path.dirname(path) or ".", os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{directory}/{os.path.basename(path)}"
    finally:
        os.close(directory)


def bind(path: str, kind: int = socket.SOCK_DGRAM) -> socket.socket:
    """Return a non-blocking socket bound to `path`, which nobody but this user may write to."""
    bound = socket.socket(socket.AF_UNIX, kind | socket.SOCK_NONBLOCK)
    try:
        with short(path) as address:
            bound.bind(address)
            os.chmod(address, 0o600)
    except OSError:
        bound.close()
        raise
    return bound


def ring(path: str, text: str = "") -> bool:
    """Send `text` to the bell at `path`; False when nobody hears it, which is harmless."""
    try:
        with (
            socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as sender,
            short(path) as address,
        ):
            sender.sendto(text.encode(), address)
    except OSError:
        return False
    return True


class Bell:
    """Waits for rings at a path; a bell that a dead process left there is replaced."""

    def __init__(self, path: str) -> None:
        self.path = str(path)
        os.makedirs(os.path.dirname(self.path) or ".", exist_ok=True)
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self.path)
        self._socket = bind(self.path)

    def fileno(self) -> int:
        return self._socket.fileno()

    def wait(self, timeout: float | None = None) -> list[str]:
        """Return all texts that were rung, waiting at most `timeout` seconds for the first."""
        select.select([self._socket], [], [], timeout)
        return self.drain()

    def drain(self) -> list[str]:
        return [data.decode(errors="replace") for data in received(self._socket)]

    def close(self) -> None:
        self._socket.close()
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self.path)


def received(bound: socket.socket):
    """Yield the datagrams that wait at a non-blocking socket."""
    while True:
        try:
            yield bound.recv(_LARGEST)
        except BlockingIOError:
            return
