"""Pauses and resumes tasks and projects; their fires are recorded as skipped meanwhile."""

from django.utils import timezone

from nodes import bells
from nodes.delivery import deliver
from tasks.models import Project, Task


def pause(thing: Task | Project, reason: str = "user") -> bool:
    """Pause a task or a project; return False when it was paused before."""
    fields = {"paused_at": timezone.now()}
    if isinstance(thing, Task):
        fields["pause_reason"] = reason
    return change(thing, {"paused_at": None}, fields)


def resume(thing: Task | Project) -> bool:
    """Resume a task or a project; return False when it was not paused."""
    fields = {"paused_at": None}
    if isinstance(thing, Task):
        fields |= {"pause_reason": "", "failed_in_row": 0}
    resumed = change(thing, {"paused_at__isnull": False}, fields)
    if resumed:
        deliver("tasks.deliveries.start_runs", 0)
    return resumed


def change(thing, condition: dict, fields: dict) -> bool:
    won = bool(type(thing).objects.filter(pk=thing.pk, **condition).update(**fields))
    if won:
        for name, value in fields.items():
            setattr(thing, name, value)
        bells.ring_on_commit("clock")
    return won
