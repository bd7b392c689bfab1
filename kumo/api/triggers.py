"""The triggers of a task, as the API takes and gives them."""

import zoneinfo
from datetime import datetime
from typing import Literal

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import BaseModel

from kumo.api.refusals import by_field
from kumo.api.schemas import Flag, Given, Number, Slug, Text, Time
from tasks import scheduling
from tasks.models import Task, Trigger

TIMES = ("at", "starts_at", "ends_at")


class TriggerIn(Given):
    """Times without an offset are of `time_zone`."""

    kind: Literal[tuple(Trigger.Kind.values)]
    cron: Text = ""
    every: Number | None = None
    at: Time | None = None
    after: Slug | None = None
    result: Literal[tuple(Trigger.Result.values)] = "success"
    time_zone: Text = None
    starts_at: Time | None = None
    ends_at: Time | None = None
    jitter: Number = 0
    enabled: Flag = True


class TriggerOut(BaseModel):
    id: int
    kind: str
    cron: str
    every: float | None
    at: datetime | None
    after: str | None
    result: str
    time_zone: str
    starts_at: datetime | None
    ends_at: datetime | None
    jitter: float
    enabled: bool
    problem: str
    next_fire_at: datetime | None
    last_fire_at: datetime | None


COMPARED = (
    "kind",
    "cron",
    "every",
    "at",
    "upstream_id",
    "result",
    "time_zone",
    "starts_at",
    "ends_at",
    "jitter",
    "is_enabled",
)


def shown(trigger: Trigger) -> dict:
    kept = {name: getattr(trigger, name, None) for name in TriggerOut.model_fields}
    return kept | {
        "after": trigger.upstream and trigger.upstream.slug,
        "enabled": trigger.is_enabled,
    }


def made(task: Task, given: list[TriggerIn]) -> tuple[list[Trigger], dict]:
    """Return the triggers, checked but not saved, and what is wrong with them by field."""
    triggers, errors = [], {}
    known = {facts(each) for each in task.triggers.all()} if task.pk else set()
    for place, each in enumerate(given):
        trigger = Trigger(task=task)
        try:
            fill(trigger, each)
            # One that is there already may have fired for the last time.
            if facts(trigger) not in known:
                trigger.full_clean(exclude=["task"] if task.pk is None else None)
        except ValidationError as problem:
            renamed = {"upstream": "after"}
            errors |= {
                f"triggers.{place}.{renamed.get(name, name)}".rstrip("."): texts
                for name, texts in by_field(problem).items()
            }
        triggers.append(trigger)
    return triggers, errors


def fill(trigger: Trigger, data: TriggerIn) -> None:
    given = data.model_dump(exclude_unset=True)
    trigger.is_enabled = given.pop("enabled", True)
    if after := given.pop("after", None):
        trigger.upstream = Task.objects.filter(slug=after).first()
        if trigger.upstream is None:
            raise ValidationError({"upstream": _("There is no task “%(name)s”.") % {"name": after}})
    for name, value in given.items():
        setattr(trigger, name, value)
    for name in TIMES:
        value = getattr(trigger, name)
        if value and timezone.is_naive(value):
            setattr(trigger, name, value.replace(tzinfo=zone(trigger.time_zone)))


def zone(name: str) -> zoneinfo.ZoneInfo:
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise ValidationError({"time_zone": _("There is no such time zone.")}) from None


def replace(task: Task, triggers: list[Trigger]) -> None:
    """Let these be the task's triggers; one that is there already stays, with its history."""
    now = timezone.now()
    old = {facts(each): each for each in task.triggers.all()}
    for trigger in triggers:
        if old.pop(facts(trigger), None) is None:
            trigger.task = task
            trigger.save(force_insert=True)
            scheduling.set_next_fire(trigger, now)
    for each in old.values():
        each.delete()


def facts(trigger: Trigger) -> tuple:
    return tuple(getattr(trigger, name) for name in COMPARED)
