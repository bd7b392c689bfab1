"""The small resident process of a node that forks a supervisor for each order it is given."""

import contextlib
import gc
import os
import signal
import socket

from runner import sockets, supervisor

_BACKLOG = 128
# An order that does not come in this time does not come.
_PATIENCE = 30


def serve(path: str) -> None:
    """Listen on the unix socket `path` until SIGTERM or SIGINT; return at once if another does."""
    if is_answering(path):
        return
    owner = os.getpid()
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, _leave)
    try:
        _accept(listen(path))
    finally:
        # A child that hears the signal too must not take the socket along.
        if os.getpid() == owner:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(path)


def _accept(listening: socket.socket) -> None:
    # What is there now is shared by all supervisors; a collection would write to its pages.
    gc.collect()
    gc.freeze()
    while True:
        connection, _ = listening.accept()
        _fork(connection, listening)


def is_answering(path: str) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as asking:
        try:
            with sockets.short(path) as address:
                asking.connect(address)
        except OSError:
            return False
    return True


def listen(path: str) -> socket.socket:
    os.makedirs(os.path.dirname(path), 0o700, exist_ok=True)
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)
    listening = sockets.bind(path, socket.SOCK_STREAM)
    listening.setblocking(True)
    listening.listen(_BACKLOG)
    return listening


def _fork(connection: socket.socket, listening: socket.socket) -> None:
    """Let a detached child read the order, so that a slow caller holds up nobody."""
    with connection:
        try:
            is_child = supervisor.detach()
        except OSError:
            # No process to be had: the caller sees the connection close, and tries the other way.
            return
        if is_child:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            listening.close()
            connection.settimeout(_PATIENCE)
            supervisor.serve(connection)


def _leave(number, frame) -> None:
    raise SystemExit(0)
