"""Measures what the whole tree of a running attempt uses."""

from dataclasses import dataclass

import psutil

from runner import tree


@dataclass(frozen=True)
class Usage:
    """`cpu_seconds` since the start, `rss_bytes` now, `peak_rss_bytes` the highest sum seen."""

    cpu_seconds: float
    rss_bytes: int
    peak_rss_bytes: int
    processes: int


class Sampler:
    """Samples the processes below the supervisor `pid`, itself not."""

    def __init__(self, pid: int, key: str) -> None:
        self.pid, self.key = pid, key
        self._peak = 0
        # What each process had used when it was last seen: ended ones count on.
        self._cpu: dict[tuple[int, float], float] = {}

    def sample(self) -> Usage | None:
        """Return what the tree uses, or None when nothing of it is there."""
        found = [usage for pid in self._members() if (usage := _measure(pid))]
        if not found:
            return None
        self._cpu |= {identity: cpu for identity, cpu, _ in found}
        rss = sum(each for _, _, each in found)
        self._peak = max(self._peak, rss)
        return Usage(round(sum(self._cpu.values()), 3), rss, self._peak, len(found))

    def _members(self) -> list[int]:
        found = tree.descendants(self.pid) or tree.carriers(self.key)
        return [pid for pid in found if tree.is_alive(pid)]


def _measure(pid: int) -> tuple[tuple[int, float], float, int] | None:
    """Return the process's identity, its CPU seconds, its resident bytes; None when it is gone."""
    try:
        process = psutil.Process(pid)
        with process.oneshot():
            times = process.cpu_times()
            started = process.create_time()
            return (pid, started), times.user + times.system, process.memory_info().rss
    except psutil.Error:
        return None
