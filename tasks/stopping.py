"""Asks for the end of a run."""

from django.utils import timezone

from nodes import bells
from tasks.models import Run
from tasks.transitions import change_run


def request_stop(run: Run, reason: str = "user") -> bool:
    """Cancel a waiting run, or ask the keeper to stop a running one; False when it has ended.

    The first reason stays; a second request stops at once, without grace.
    """
    if cancel_waiting(run, reason):
        return True
    now = timezone.now()
    running = Run.objects.filter(pk=run.pk, status=Run.Status.RUNNING)
    asked = running.filter(stop_requested_at=None).update(
        stop_requested_at=now, stop_reason=reason, changed_at=now
    ) or running.update(stop_at_once=True, changed_at=now)
    if not asked:
        # It may have gone back to wait for a retry between the two looks.
        return cancel_waiting(run, reason)
    bells.ring_on_commit("keeper", f"stop {run.pk}")
    return True


def cancel_waiting(run: Run, reason: str) -> bool:
    return change_run(
        run.pk,
        Run.Status.CANCELED,
        only_from=(Run.Status.QUEUED, Run.Status.RETRY_WAIT),
        reason="replaced" if reason == "replaced" else "stop",
        stop_reason=reason,
    )
