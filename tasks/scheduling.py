"""Turns due times into runs: each at most once, each with a row in the ledger."""

import logging
from datetime import datetime

from django.db import DatabaseError

from tasks.models import Trigger
from tasks.triggers import next_fire
from tasks.triggerspecs import spec_of

logger = logging.getLogger("kumo.clock")


def set_next_fire(trigger: Trigger, now: datetime) -> datetime | None:
    """Compute and keep when the trigger fires next; None when it never does."""
    spec = spec_of(trigger)
    trigger.next_fire_at = next_fire(spec, now) if spec and trigger.is_enabled else None
    Trigger.objects.filter(pk=trigger.pk).update(next_fire_at=trigger.next_fire_at)
    return trigger.next_fire_at


def fire_due(now: datetime) -> datetime | None:
    """Fire every trigger whose time has come; return when the next one is due, None for never."""
    due = Trigger.objects.due(now).select_related("task__project")
    for trigger in due:
        try:
            fire(trigger, now)
        except DatabaseError:
            raise
        except Exception as problem:  # noqa: BLE001 - one bad trigger never stops the others
            switch_off(trigger, problem)
    upcoming = Trigger.objects.filter(is_enabled=True, next_fire_at__gt=now)
    return upcoming.order_by("next_fire_at").values_list("next_fire_at", flat=True).first()
