"""What running attempts use, measured on their whole process trees."""

from runner import launch
from runner.usage import Sampler
from tasks.models import Attempt


class Usage:
    """A sampler for each running attempt of this node, kept between the looks."""

    def __init__(self):
        self.samplers: dict[int, Sampler] = {}

    def sample(self, attempts: list[Attempt]) -> None:
        running = {each.pk: each for each in attempts if each.pid}
        self.samplers = {pk: each for pk, each in self.samplers.items() if pk in running}
        for pk, attempt in running.items():
            sampler = self.samplers.setdefault(pk, Sampler(attempt.pid, attempt.key))
            if usage := sampler.sample():
                note(attempt, usage)


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
