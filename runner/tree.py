"""The processes of an attempt: descendants, and whoever carries the attempt's key."""

import contextlib
import os
import signal
import time

VARIABLE = "KUMO_ATTEMPT_ID"


def children(pid: int) -> list[int]:
    """Return the direct children of all threads of `pid`; empty when it is gone."""
    found = []
    try:
        threads = os.listdir(f"/proc/{pid}/task")
    except OSError:
        return []
    for thread in threads:
        with (
            contextlib.suppress(OSError),
            open(f"/proc/{pid}/task/{thread}/children", "rb") as file,
        ):
            found += [int(word) for word in file.read().split()]
    return found


def descendants(root: int) -> list[int]:
    found, seen, waiting = [], {root}, [root]
    while waiting:
        for child in children(waiting.pop()):
            if child not in seen:
                seen.add(child)
                found.append(child)
                waiting.append(child)
    return found


def carriers(key: str) -> list[int]:
    """Return the processes with the attempt's key in their environment, wherever they hang."""
    entry = f"{VARIABLE}={key}".encode()
    return [pid for pid in pids() if entry in _environment(pid)]


def pids() -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def _environment(pid: int) -> list[bytes]:
    try:
        with open(f"/proc/{pid}/environ", "rb") as file:
            return file.read().split(b"\0")
    except OSError:
        return []


def members(key: str, root: int) -> list[int]:
    """Return the living processes below `root` and the carriers of `key`, this one and `root` not.

    A carrier's descendants belong to the tree too, though they may have cleaned their environment.
    """
    found = {*descendants(root), *carried(key)}
    return [pid for pid in found - {root, os.getpid()} if is_alive(pid)]


def carried(key: str) -> list[int]:
    """Return the living carriers of `key` and all below them, this process not."""
    found = set()
    for pid in carriers(key):
        if pid not in found:
            found |= {pid, *descendants(pid)}
    return [pid for pid in found - {os.getpid()} if is_alive(pid)]


def is_alive(pid: int) -> bool:
    """Tell whether the process is there and not a zombie, which only waits to be reaped."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            return file.read().rpartition(b")")[2].split()[0] not in (b"Z", b"X")
    except OSError:
        return False


def signal_all(found: list[int], number: int) -> None:
    for pid in found:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)


def end_carriers(key: str, bound: float = 5.0) -> int:
    """SIGKILL whoever carries `key` and all below, until nobody is left; return the survivors.

    For attempts whose supervisor is gone. Gives up after `bound` seconds.
    """
    deadline = time.monotonic() + bound
    while found := carried(key):
        if time.monotonic() > deadline:
            return len(found)
        signal_all(found, signal.SIGKILL)
        time.sleep(0.01)
    return 0
