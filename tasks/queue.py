"""Puts runs into the queue, as the task's overlap policy and limits have it."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from nodes.delivery import deliver
from tasks import params as parameters
from tasks.models import Run, Task
from tasks.stopping import request_stop

WAITING = (Run.Status.QUEUED, Run.Status.RETRY_WAIT)
BY_ITSELF = (Run.Origin.TRIGGER, Run.Origin.CHAIN)


class QueueFull(Exception):
    """As many runs of the task wait as may."""

    def __init__(self, limit: int):
        super().__init__(limit)
        self.limit = limit


class WrongParams(Exception):
    """Values that the task's parameters do not allow: `errors` is `{name: [sentence]}`."""

    def __init__(self, errors: dict):
        super().__init__(errors)
        self.errors = errors


def enqueue(
    task: Task, origin: str, *, params=None, idempotency_key=None, priority=None, **fields
) -> Run:
    """Return the new run: queued, or skipped where the overlap policy wants it so.

    A run that was made with the same `idempotency_key` is returned instead of a second one.
    `fields` are further fields of the run, such as `requested_by` and `scheduled_for`.
    Raises WrongParams, and QueueFull for callers; a fire beyond the queue's limit is a skipped run.
    """
    values, errors = parameters.check_values(task.params, params or {})
    if errors:
        raise WrongParams(errors)
    with transaction.atomic():
        task = (
            Task.objects.select_for_update(of=("self",)).select_related("project").get(pk=task.pk)
        )
        if idempotency_key and (
            earlier := task.runs.filter(idempotency_key=idempotency_key).first()
        ):
            return earlier
        run = new_run(task, origin, priority, params=values, **fields)
        run.idempotency_key = idempotency_key or None
        admit(task, run)
        run.save(force_insert=True)
        if run.status == Run.Status.QUEUED:
            deliver("tasks.deliveries.start_runs", 0)
    return run


def new_run(task: Task, origin: str, priority, **fields) -> Run:
    now = timezone.now()
    return Run(
        task=task,
        task_slug=task.slug,
        project=task.project,
        project_slug=task.project.slug,
        origin=origin,
        priority=task.priority if priority is None else priority,
        queued_at=now,
        changed_at=now,
        expires_at=now + timedelta(seconds=task.queue_timeout) if task.queue_timeout else None,
        **fields,
    )


def admit(task: Task, run: Run) -> None:
    """Make the run skipped where it may not wait; stop what it replaces."""
    active = list(task.runs.active().order_by("pk").only("status"))
    waiting = [each for each in active if each.status in WAITING]
    if (task.overlap == Task.Overlap.SKIP and active) or (
        task.overlap == Task.Overlap.QUEUE and len(active) > 1
    ):
        skip(run, "overlap")
    elif task.overlap == Task.Overlap.REPLACE:
        for each in active:
            request_stop(each, "replaced")
    elif len(waiting) >= task.queue_limit:
        if run.origin not in BY_ITSELF:
            raise QueueFull(task.queue_limit)
        skip(run, "queue_full")


def skip(run: Run, reason: str) -> None:
    run.status, run.reason, run.finished_at = Run.Status.SKIPPED, reason, run.queued_at
