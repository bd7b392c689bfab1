"""Says which runs and which files may go, and why; deletes nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q

from tasks.models import Attempt, Fire, Retention, Run
from tasks.retention.space import size_of
from tasks.statuses import RUN_TERMINAL

FAILED = (Run.Status.FAILED, Run.Status.TIMED_OUT, Run.Status.LOST)
GB = 2**30


@dataclass(frozen=True)
class Verdict:
    """`what` may go: `run` with all of it, or only the `files` of an attempt; `why` is a code."""

    what: str
    run_id: int
    why: str
    attempt_id: int | None = None


def may_go():
    """Return the runs that retention may touch at all."""
    return Run.objects.filter(status__in=RUN_TERMINAL, is_pinned=False)


def runs_to_go(kept: Retention, now: datetime) -> Iterator[Verdict]:
    """Yield each run once, by age and by how many its task has."""
    seen = set()
    for condition, days in (
        (~Q(status__in=FAILED), kept.keep_days),
        (Q(status__in=FAILED), kept.keep_failed_days),
    ):
        if days:
            old = may_go().filter(condition, finished_at__lt=now - timedelta(days=days))
            for pk in old.order_by("pk").values_list("pk", flat=True):
                seen.add(pk)
                yield Verdict("run", pk, "age")
    if kept.keep_runs_per_task:
        for pk in beyond_count(kept.keep_runs_per_task):
            if pk not in seen:
                yield Verdict("run", pk, "count")


def beyond_count(most: int) -> Iterator[int]:
    """Yield the ids of the oldest runs of each task that has more than `most`."""
    crowded = (
        may_go()
        .filter(task__isnull=False)
        .values("task")
        .annotate(runs=Count("pk"))
        .filter(runs__gt=most)
        .order_by("task")
    )
    for row in crowded:
        runs = may_go().filter(task=row["task"]).order_by("-pk")
        yield from runs.values_list("pk", flat=True)[most:]


def files_to_go(kept: Retention, now: datetime) -> Iterator[Verdict]:
    """Yield attempts whose files may go, by age first, then by the budget."""
    with_files = Attempt.objects.filter(run__in=may_go(), files_removed_at=None)
    seen = set()
    if kept.keep_files_days:
        since = now - timedelta(days=kept.keep_files_days)
        old = with_files.filter(run__finished_at__lt=since).order_by("pk")
        for pk, run in old.values_list("pk", "run_id"):
            seen.add(pk)
            yield Verdict("files", run, "files_age", pk)
    if kept.budget_gb:
        yield from over_budget(with_files.exclude(pk__in=seen), kept.budget_gb * GB)


def over_budget(attempts, budget: int) -> Iterator[Verdict]:
    """Yield the oldest attempts, successes before failures, until the rest fits."""
    everything = Attempt.objects.filter(files_removed_at=None).select_related("run")
    used = sum(size_of(attempt) for attempt in everything.iterator())
    failed_last = sorted(
        attempts.select_related("run"),
        key=lambda attempt: (attempt.run.status in FAILED, attempt.run.finished_at, attempt.pk),
    )
    for attempt in failed_last:
        if used <= budget:
            return
        used -= size_of(attempt)
        yield Verdict("files", attempt.run_id, "budget", attempt.pk)


def fires_to_go(kept: Retention, now: datetime):
    """Return the rows of the ledger that are older than is kept."""
    if not kept.keep_fires_days:
        return Fire.objects.none()
    return Fire.objects.filter(due_at__lt=now - timedelta(days=kept.keep_fires_days))
