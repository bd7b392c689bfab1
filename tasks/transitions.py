"""The one place where a run or an attempt changes its status."""

from django.utils import timezone

from tasks.models import Attempt, Run
from tasks.statuses import ATTEMPT_CHANGES, ATTEMPT_TERMINAL, RUN_CHANGES, RUN_TERMINAL


def change_run(run_id: int, to: str, only_from=None, **fields) -> bool:
    """Change the run's status by one conditional UPDATE; return whether it won.

    `only_from` narrows the statuses that may become `to`. A terminal status brings `finished_at`.
    """
    now = timezone.now()
    if to in RUN_TERMINAL:
        fields.setdefault("finished_at", now)
    came_from = set(sources(RUN_CHANGES, to)).intersection(only_from or RUN_CHANGES)
    return change(Run.objects.filter(pk=run_id), came_from, to, changed_at=now, **fields)


def change_attempt(attempt_id: int, fence: int, to: str, **fields) -> bool:
    """Change the attempt's status if it still has this fence; return whether it won."""
    if to in ATTEMPT_TERMINAL:
        fields.setdefault("finished_at", timezone.now())
    attempts = Attempt.objects.filter(pk=attempt_id, fence=fence)
    return change(attempts, sources(ATTEMPT_CHANGES, to), to, **fields)


def change(rows, came_from, to, **fields) -> bool:
    return bool(rows.filter(status__in=came_from).update(status=to, **fields))


def sources(changes: dict, to: str) -> list[str]:
    """Return the statuses that may become `to`."""
    return [status for status, following in changes.items() if to in following]
