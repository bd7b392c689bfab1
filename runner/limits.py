"""Holds a spider within its limits: rlimits, and a control group where one can be made."""

import contextlib
import os
import resource
from pathlib import Path

from runner.order import Order

_V1 = Path("/sys/fs/cgroup/memory")
_V2 = Path("/sys/fs/cgroup")
_MIB = 2**20


def rlimits(order: Order) -> dict[int, int]:
    wanted = {
        resource.RLIMIT_NPROC: order.max_processes,
        resource.RLIMIT_NOFILE: order.open_files,
        resource.RLIMIT_FSIZE: order.file_size_mb * _MIB,
    }
    return {which: limit for which, limit in wanted.items() if limit}


@contextlib.contextmanager
def inherited(limits: dict[int, int]):
    """Lower this process's soft limits while the spider is started, which begins with them.

    The hard ones follow by `fix`, for no code of ours runs between fork and exec.
    """
    before = {which: resource.getrlimit(which) for which in limits}
    try:
        for which, limit in limits.items():
            resource.setrlimit(which, (_capped(limit, before[which][1]), before[which][1]))
        yield
    finally:
        for which, pair in before.items():
            resource.setrlimit(which, pair)


def fix(pid: int, limits: dict[int, int]) -> None:
    """Lower the hard limits of the started process too."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        for which, limit in limits.items():
            capped = _capped(limit, resource.getrlimit(which)[1])
            resource.prlimit(pid, which, (capped, capped))


def _capped(limit: int, hard: int) -> int:
    return limit if hard == resource.RLIM_INFINITY else min(limit, hard)


class MemoryGroup:
    """A control group with the order's memory limit; without one, `held_by` says who watches."""

    def __init__(self, order: Order) -> None:
        self._path: Path | None = None
        self.held_by = ""
        if order.memory_limit_mb:
            self.held_by = "keeper"
            with contextlib.suppress(OSError):
                self._make(order)

    def _make(self, order: Order) -> None:
        is_v1 = (_V1 / "memory.limit_in_bytes").exists()
        if not is_v1 and "memory" not in (_V2 / "cgroup.subtree_control").read_text().split():
            return
        self._home = _own_group(_V1 if is_v1 else _V2, ":memory:" if is_v1 else "0::")
        path = (_V1 if is_v1 else _V2) / f"kumo-{order.key}"
        path.mkdir()
        self._path = path
        limit = "memory.limit_in_bytes" if is_v1 else "memory.max"
        try:
            (path / limit).write_text(str(order.memory_limit_mb * _MIB))
        except OSError:
            self.remove()
            raise
        self._events = path / ("memory.oom_control" if is_v1 else "memory.events")
        self.held_by = "cgroup"

    @contextlib.contextmanager
    def joined(self):
        """Be in the group while the spider is started, so that not a page of it is missed."""
        if not self._path:
            yield
            return
        try:
            _join(self._path)
        except OSError:
            self.remove()
            self.held_by = "keeper"
        try:
            yield
        finally:
            with contextlib.suppress(OSError):
                _join(self._home)

    def has_killed(self) -> bool:
        """Tell whether the kernel ended a process for the group's limit."""
        if not self._path:
            return False
        try:
            lines = self._events.read_text().splitlines()
        except OSError:
            return False
        return any(line.startswith("oom_kill ") and line.split()[1] != "0" for line in lines)

    def remove(self) -> None:
        if self._path:
            with contextlib.suppress(OSError):
                self._path.rmdir()
            self._path = None


def _join(path: Path) -> None:
    (path / "cgroup.procs").write_text(str(os.getpid()))


def _own_group(root: Path, mark: str) -> Path:
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        if mark in line:
            return root / line.split(":", 2)[2].lstrip("/")
    return root
