"""The circuit breaker: after so many failed runs in a row a task pauses and says so."""

from django.utils import timezone

from tasks import pausing
from tasks.models import Event, Run, Task

FAILED = (Run.Status.FAILED, Run.Status.TIMED_OUT, Run.Status.LOST)


def note_end(run: Run, task: Task) -> None:
    """Count an ended run of `task`, whose row is locked; pause the task at its limit, once."""
    if run.status == Run.Status.SUCCEEDED:
        if task.failed_in_row:
            Task.objects.filter(pk=task.pk).update(failed_in_row=0)
        return
    if run.status not in FAILED:
        return
    failed = task.failed_in_row + 1
    Task.objects.filter(pk=task.pk).update(failed_in_row=failed)
    if task.breaker_limit and failed >= task.breaker_limit and pausing.pause(task, "breaker"):
        Event.objects.create(
            task=task, run=run, at=timezone.now(), kind="breaker", params={"failed": failed}
        )
