"""The lock by which one `manage.py up` at a time has a data directory."""

import fcntl
import os
import time
from pathlib import Path

import psutil

# The processes of an `up` that was killed end in this time.
PATIENCE = 15.0
LOOK_EVERY = 0.2


class HomeTaken(Exception):
    """Another `manage.py up` works on this directory; `pid` is its process."""

    def __init__(self, pid: int):
        super().__init__(pid)
        self.pid = pid


class HomeLock:
    """Held by `up` and the processes it forked, until the last of them has ended."""

    def __init__(self, home: Path):
        self.descriptor = os.open(home / "up.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def take(self) -> None:
        """Take the lock, waiting for what a killed `up` has left; raises HomeTaken."""
        deadline = time.monotonic() + PATIENCE
        while not self._try():
            pid = self.owner()
            if psutil.pid_exists(pid) or time.monotonic() > deadline:
                raise HomeTaken(pid)
            time.sleep(LOOK_EVERY)
        os.ftruncate(self.descriptor, 0)
        os.pwrite(self.descriptor, str(os.getpid()).encode(), 0)

    def _try(self) -> bool:
        try:
            fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def owner(self) -> int:
        """Return the process that took the lock, 0 when it has not said so yet."""
        text = os.pread(self.descriptor, 20, 0).decode(errors="replace")
        return int(text) if text.isdigit() else 0
