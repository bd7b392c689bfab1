"""Reaps the spider and every orphan of its tree, and adds up what they used."""

import os
import resource


class Reaper:
    """`wait_status` is the spider's, None while it lives; `is_empty` once no child is left."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.wait_status: int | None = None
        self.is_empty = False
        self.cpu_seconds = 0.0
        self.peak_rss_bytes = 0

    def reap(self) -> None:
        while True:
            try:
                pid, status, usage = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                self.is_empty = True
                return
            if not pid:
                return
            self._count(usage)
            if pid == self.pid:
                self.wait_status = status

    def _count(self, usage: resource.struct_rusage) -> None:
        # A reaped process brings what its own reaped children used; ru_maxrss is in KiB. The kernel
        # starts it at what this process had at the exec, so that tiny programs look as large.
        self.cpu_seconds += usage.ru_utime + usage.ru_stime
        self.peak_rss_bytes = max(self.peak_rss_bytes, usage.ru_maxrss * 1024)
