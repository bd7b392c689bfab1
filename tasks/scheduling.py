"""Turns due times into runs: each at most once, each with a row in the ledger."""

import logging
from datetime import datetime, timedelta

from django.db import DatabaseError, transaction
from django.db.models import Min
from django.utils import timezone

from tasks import misfires
from tasks.misfires import Decision
from tasks.models import Event, Fire, Maintenance, Run, Trigger
from tasks.queue import WrongParams, enqueue
from tasks.triggers import next_fire
from tasks.triggerspecs import spec_of

logger = logging.getLogger("kumo.clock")
# More missed due times than these are counted, not listed.
MOST_LISTED = 10_000


def set_next_fire(trigger: Trigger, now: datetime) -> datetime | None:
    """Compute and keep when the trigger fires next; None when it never does."""
    spec = spec_of(trigger)
    trigger.next_fire_at = next_fire(spec, now) if spec and trigger.is_enabled else None
    Trigger.objects.filter(pk=trigger.pk).update(next_fire_at=trigger.next_fire_at)
    return trigger.next_fire_at


def fire_due(now: datetime) -> datetime | None:
    """Fire every trigger whose time has come; return when the next one is due, None for never."""
    for trigger in Trigger.objects.due(now).select_related("task__project"):
        try:
            fire(trigger, now)
        except DatabaseError:
            raise
        except Exception as problem:
            # One bad trigger never stops the others.
            logger.exception("Trigger %s was switched off", trigger.pk)
            switch_off(trigger, problem)
    coming = Trigger.objects.filter(is_enabled=True, next_fire_at__gt=now)
    return coming.aggregate(earliest=Min("next_fire_at"))["earliest"]


def switch_off(trigger: Trigger, problem: Exception) -> None:
    text = str(problem) or type(problem).__name__
    Trigger.objects.filter(pk=trigger.pk).update(is_enabled=False, next_fire_at=None, problem=text)
    Event.objects.create(
        task=trigger.task, at=timezone.now(), kind="trigger_off", params={"problem": text}
    )


@transaction.atomic
def fire(trigger: Trigger, now: datetime) -> None:
    """Take all due times up to `now`, unless another clock has, and decide on each."""
    spec = spec_of(trigger)
    due, passed_over = due_times(spec, trigger.next_fire_at, now)
    taken = Trigger.objects.filter(
        pk=trigger.pk, next_fire_at=trigger.next_fire_at, is_enabled=True
    ).update(next_fire_at=next_fire(spec, now), last_fire_at=due[-1])
    if not taken:
        return
    task = trigger.task
    grace = timedelta(seconds=task.misfire_grace)
    for each in misfires.decide(task.misfire, grace, due, now, passed_over):
        carry_out(trigger, each)


def due_times(spec, first: datetime, now: datetime) -> tuple[list[datetime], int]:
    """Return the due times from `first` to `now`, and how many too many to list came between."""
    due, passed_over = [first], 0
    while (at := next_fire(spec, due[-1])) and at <= now:
        due.append(at)
        if len(due) > 2 * MOST_LISTED:
            passed_over += MOST_LISTED
            del due[1 : MOST_LISTED + 1]
    return due, passed_over


def carry_out(trigger: Trigger, decided: Decision) -> None:
    """Make the run that was decided on, and write the ledger's row."""
    decision, reason, run = decided.decision, decided.reason, None
    if decision == Fire.Decision.RUN:
        decision, reason, run = try_run(trigger, decided.due_at)
    row = {
        "task": trigger.task,
        "task_slug": trigger.task.slug,
        "last_due_at": decided.last_due_at if decided.count > 1 else None,
        "count": decided.count,
        "decision": decision,
        "reason": reason,
        "run": run,
    }
    # A clock that was set back comes to the same due times again: their rows stay as they are.
    Fire.objects.get_or_create(trigger=trigger, due_at=decided.due_at, defaults=row)


def try_run(trigger: Trigger, due_at: datetime) -> tuple[str, str, Run | None]:
    """Return the decision, its reason and the run for one due time."""
    if reason := standstill(trigger):
        return Fire.Decision.SKIPPED, reason, None
    earlier = Run.objects.filter(trigger=trigger, scheduled_for=due_at).first()
    if earlier:
        return Fire.Decision.RUN, "", earlier
    try:
        run = enqueue(trigger.task, Run.Origin.TRIGGER, trigger=trigger, scheduled_for=due_at)
    except WrongParams:
        return Fire.Decision.SKIPPED, "params", None
    if run.status == Run.Status.SKIPPED:
        return Fire.Decision.SKIPPED, run.reason, run
    return Fire.Decision.RUN, "", run


def standstill(trigger: Trigger) -> str:
    """Return why the trigger's task runs nothing by itself now, or an empty text."""
    task = trigger.task
    if not task.is_enabled:
        return "disabled"
    if task.paused_at or task.project.paused_at:
        return "paused"
    return "maintenance" if Maintenance.is_on() else ""
