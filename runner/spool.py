"""An attempt's directory: made once, held while its supervisor lives, ended by an outcome."""

import contextlib
import fcntl
import json
import os
import socket
from pathlib import Path

from runner import sockets
from runner.order import Order
from runner.outcome import Outcome

ORDER, LOCK, OUTCOME, OUTPUT, WORK = "order.json", "lock", "outcome.json", "output", "work"
CONTROL = "control"
_RESERVED = "outcome.new"
# An outcome is under 1 kB; its detail is cut to keep it so.
_RESERVED_BYTES = 8192
_DETAIL_CHARACTERS = 500


class AlreadyStarted(Exception):
    """Somebody has made this spool before."""


def make(path: str | Path) -> None:
    """Make the directory, for one caller only; raises AlreadyStarted for all others."""
    os.makedirs(os.path.dirname(path), 0o700, exist_ok=True)
    try:
        os.mkdir(path, 0o700)
    except FileExistsError:
        raise AlreadyStarted(str(path)) from None


def is_held(path: str | Path) -> bool:
    """Tell whether a supervisor lives that owns this spool; no reused pid can fool this."""
    try:
        descriptor = os.open(Path(path, LOCK), os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        # A shared lock, so that two who look do not take each other for the supervisor.
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def read_outcome(path: str | Path) -> Outcome | None:
    """Return how the attempt ended; None while that is not known, or where a crash tore it."""
    try:
        return Outcome.from_json(Path(path, OUTCOME).read_bytes())
    except (FileNotFoundError, NotADirectoryError, ValueError, TypeError):
        return None


class Spool:
    """The supervisor's side of the directory: making it takes its lock and the outcome's space."""

    def __init__(self, order: Order) -> None:
        """Raises AlreadyStarted, or OSError when the disk is full."""
        self.path = order.spool
        make(self.path)
        self._lock = os.open(self._at(LOCK), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        self._reserved = os.open(self._at(_RESERVED), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        os.posix_fallocate(self._reserved, 0, _RESERVED_BYTES)
        self.control = sockets.bind(self._at(CONTROL))
        self._write_order(order)
        os.mkdir(self._at(OUTPUT), 0o700)

    def _at(self, name: str) -> str:
        return os.path.join(self.path, name)

    @property
    def output(self) -> str:
        return self._at(OUTPUT)

    @property
    def work(self) -> str:
        return self._at(WORK)

    def _write_order(self, order: Order) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        descriptor = os.open(self._at(ORDER), flags, 0o600)
        try:
            os.write(descriptor, json.dumps(order.public()).encode())
        finally:
            os.close(descriptor)

    def end(self, outcome: Outcome) -> None:
        """Leave the outcome, whole or not at all, and let go of the spool."""
        outcome.detail = outcome.detail[:_DETAIL_CHARACTERS]
        data = outcome.to_json().encode()
        # Over reserved blocks: a full disk cannot refuse this.
        os.pwrite(self._reserved, data, 0)
        os.ftruncate(self._reserved, len(data))
        os.rename(self._at(_RESERVED), self._at(OUTCOME))
        self.control.close()
        with contextlib.suppress(OSError):
            os.unlink(self._at(CONTROL))
        os.close(self._reserved)
        os.close(self._lock)


def send(path: str | Path, text: str) -> bool:
    """Send `text` to the supervisor of this spool; False when there is none."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.settimeout(2)
        try:
            with sockets.short(str(Path(path, CONTROL))) as address:
                sender.sendto(text.encode(), address)
        except OSError:
            return False
    return True
