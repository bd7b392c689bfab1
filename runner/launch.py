"""Starts an attempt's supervisor, and carries a stop to it."""

import json
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from runner import messages, sockets, spool
from runner.order import Order
from runner.spool import AlreadyStarted

__all__ = ["AlreadyStarted", "StartFailed", "Started", "launcher_argv", "start", "stop"]

# A large revision is copied before the answer comes.
_PATIENCE = 300
_RUNNER = str(Path(__file__).parent)


@dataclass(frozen=True)
class Started:
    """`pid` is the supervisor's, the root of the attempt's tree; `spider` is what it started."""

    pid: int
    spider: int


@dataclass
class StartFailed(Exception):
    """Nothing runs: `reason` is a code, `detail` what it is about."""

    reason: str
    detail: str = ""


def start(order: Order, launcher: str = "") -> Started:
    """Start the order by the launcher at that socket, or by a new process where none answers.

    Returns once the spider runs. Raises AlreadyStarted, or StartFailed with the reason, which is
    in the spool's outcome too.
    """
    answer = _ask_launcher(order, launcher) if launcher else None
    if answer is None:
        answer = _ask_new(order)
    if "started" in answer:
        return Started(answer["started"], answer["spider"])
    if "already" in answer:
        raise AlreadyStarted(order.spool)
    raise StartFailed(answer["failed"], answer.get("detail", ""))


def launcher_argv(path: str) -> list[str]:
    """Return the command of a launcher that listens on the socket `path`."""
    return [sys.executable, "-I", "-S", _RUNNER, "launcher", path]


def stop(directory: str | Path, reason: str, at_once: bool = False) -> bool:
    """Ask the supervisor of the spool to end its tree; False when none lives there."""
    return spool.send(directory, f"{'end' if at_once else 'stop'} {reason}")


def _ask_launcher(order: Order, path: str) -> dict | None:
    """Return the answer, or None where none came."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(_PATIENCE)
        try:
            with sockets.short(path) as address:
                connection.connect(address)
        except OSError:
            return None
        try:
            return _ask(connection, order)
        except OSError:
            # It may have been taken. To try again is safe: a spool is made only once.
            return None


def _ask(connection: socket.socket, order: Order) -> dict | None:
    """Return the answer; None when the other end went away without one."""
    messages.send(connection, order.to_json())
    try:
        return json.loads(messages.receive(connection))
    except (EOFError, ConnectionError):
        return None


def _ask_new(order: Order) -> dict:
    ours, theirs = socket.socketpair()
    argv = [sys.executable, "-I", "-S", _RUNNER, "supervisor"]
    with ours:
        ours.settimeout(_PATIENCE)
        with theirs:
            # It detaches at once, so that nothing has to be reaped here later.
            first = subprocess.Popen(
                argv, stdin=theirs, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={}
            )
        try:
            answer = _ask(ours, order)
        except OSError as problem:
            answer = {"failed": "system_error", "detail": str(problem)}
        first.wait()
    return answer or {"failed": "supervisor_error", "detail": ""}
