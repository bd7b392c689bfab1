"""Chains: a task that starts after another one's run."""

import logging

from tasks.models import Run, Trigger
from tasks.queue import WrongParams, enqueue

logger = logging.getLogger("kumo.chains")
SUCCESS = (Trigger.Result.SUCCESS, Trigger.Result.END)
FAILURE = (Trigger.Result.FAILURE, Trigger.Result.END)
END = (Trigger.Result.END,)
RESULTS = {
    Run.Status.SUCCEEDED: SUCCESS,
    Run.Status.FAILED: FAILURE,
    Run.Status.TIMED_OUT: FAILURE,
    Run.Status.LOST: FAILURE,
}


def start_followers(run: Run) -> list[Run]:
    """Queue the tasks that wait for this end; they know the run by `KUMO_UPSTREAM_RUN_ID`."""
    followed = Trigger.objects.filter(upstream=run.task_id, is_enabled=True)
    # Most tasks have no followers, and this is asked at the end of every run.
    if not followed.exists():
        return []
    triggers = followed.filter(
        kind=Trigger.Kind.AFTER,
        result__in=RESULTS.get(run.status, END),
        task__is_enabled=True,
        task__paused_at=None,
        task__project__paused_at=None,
    ).select_related("task")
    return [follower for trigger in triggers if (follower := start(trigger, run))]


def start(trigger: Trigger, run: Run) -> Run | None:
    try:
        return enqueue(trigger.task, Run.Origin.CHAIN, trigger=trigger, upstream_run=run)
    except WrongParams as problem:
        logger.warning("Task %s cannot follow run %s: %s", trigger.task, run.pk, problem.errors)
        return None


def would_loop(task_id: int, upstream_id: int) -> bool:
    """Say whether `task` after `upstream` would close a circle."""
    followed: dict[int, set] = {}
    for task, upstream in Trigger.objects.filter(kind=Trigger.Kind.AFTER).values_list(
        "task_id", "upstream_id"
    ):
        followed.setdefault(task, set()).add(upstream)
    seen, left = set(), [upstream_id]
    while left:
        current = left.pop()
        if current == task_id:
            return True
        if current not in seen:
            seen.add(current)
            left.extend(followed.get(current, ()))
    return False
