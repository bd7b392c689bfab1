"""What running attempts use, measured on their whole process trees and kept beside their logs."""

import json
import time
from pathlib import Path
from typing import NamedTuple

from runner import launch
from runner.usage import Sampler
from tasks.models import Attempt

FILE = "usage"
# Samples are kept the more seldom the longer an attempt runs: some two thousand a day.
THINNED_BY = 300


class Sample(NamedTuple):
    """One look at a tree: seconds since the first look, CPU seconds so far, bytes, processes."""

    at: float
    cpu_seconds: float
    rss_bytes: int
    processes: int


class Watched:
    """An attempt whose tree is sampled."""

    def __init__(self, attempt: Attempt):
        self.sampler = Sampler(attempt.pid, attempt.key)
        self.began = time.time() if not attempt.started_at else attempt.started_at.timestamp()
        self.kept_at = 0.0

    def sample(self, attempt: Attempt) -> None:
        usage = self.sampler.sample()
        if usage is None:
            return
        note(attempt, usage)
        age = max(time.time() - self.began, 0)
        if age - self.kept_at >= age / THINNED_BY or not self.kept_at:
            self.kept_at = age
            keep(attempt.spool, Sample(round(age, 1), *usage_fields(usage)))


class Usage:
    """The attempts of this node that run, kept between the keeper's looks."""

    def __init__(self):
        self.watched: dict[int, Watched] = {}

    def sample(self, attempts: list[Attempt]) -> None:
        running = {each.pk: each for each in attempts if each.pid}
        self.watched = {pk: each for pk, each in self.watched.items() if pk in running}
        for pk, attempt in running.items():
            if pk not in self.watched:
                self.watched[pk] = Watched(attempt)
            self.watched[pk].sample(attempt)


def usage_fields(usage) -> tuple[float, int, int]:
    return round(usage.cpu_seconds, 2), usage.rss_bytes, usage.processes


def note(attempt: Attempt, usage) -> None:
    Attempt.objects.filter(pk=attempt.pk).update(
        cpu_seconds=usage.cpu_seconds,
        rss_bytes=usage.rss_bytes,
        peak_rss_bytes=usage.peak_rss_bytes,
    )
    limit = attempt.run.snapshot.get("memory_limit_mb", 0) * 2**20
    # Where the kernel holds the limit this comes too late to matter, and is harmless.
    if limit and usage.rss_bytes > limit:
        launch.stop(attempt.spool, "memory_limit")


def keep(spool: Path, sample: Sample) -> None:
    try:
        with (spool / FILE).open("a") as file:
            file.write(json.dumps(sample) + "\n")
    except OSError:
        # A full disk must not stop the keeper; the figures of this moment are lost.
        return


def samples(spool: Path) -> list[Sample]:
    """Return what was kept of an attempt's usage, oldest first."""
    try:
        lines = (spool / FILE).read_text().splitlines()
    except OSError:
        return []
    return [Sample(*json.loads(line)) for line in lines if line.endswith("]")]
