"""Calls on the ledger of fires."""

from datetime import datetime
from typing import Literal

from ninja import Query, Router
from pydantic import BaseModel

from kumo.api.access import May
from kumo.api.paging import Page, Paged, page
from kumo.api.runs import bounded
from kumo.api.schemas import Time
from tasks.models import Fire

router = Router()


class FireOut(BaseModel):
    """What became of a due time, or of `count` due times that were missed together."""

    id: int
    task: str
    trigger: int | None
    due_at: datetime
    last_due_at: datetime | None
    count: int
    decision: str
    reason: str
    run: int | None
    decided_at: datetime


class FireFilters(BaseModel):
    task: str | None = None
    decision: Literal[tuple(Fire.Decision.values)] | None = None
    since: Time | None = None
    until: Time | None = None


def shown(fire: Fire) -> dict:
    return {name: getattr(fire, name) for name in FireOut.model_fields} | {
        "task": fire.task_slug,
        "trigger": fire.trigger_id,
        "run": fire.run_id,
    }


@router.get("", auth=May("tasks.view_fire"), response=Page[FireOut])
def list_fires(request, window: Paged, filters: Query[FireFilters]):
    asked = {
        "task_slug": filters.task,
        "decision": filters.decision,
        "due_at__gte": filters.since and bounded(filters.since),
        "due_at__lte": filters.until and bounded(filters.until),
    }
    rows = Fire.objects.select_related("task", "trigger", "run")
    asked = {name: value for name, value in asked.items() if value is not None}
    return page(rows.filter(**asked), window, shown)
