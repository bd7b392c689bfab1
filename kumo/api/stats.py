"""Counts of ended runs, by status, day and reason."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import BaseModel

from kumo.api.access import May
from kumo.api.refusals import wrong
from kumo.api.runs import bounded
from kumo.api.schemas import Time
from tasks import failures as failing
from tasks.models import Project, Run, RunDay

router = Router()

USUAL_DAYS = 7
MOST_DAYS = 400
MOST_REASONS = 20
FAILED = (Run.Status.FAILED, Run.Status.TIMED_OUT, Run.Status.LOST)


class StatsFilters(BaseModel):
    """Whole days in UTC, from the one of `since` to the one of `until`."""

    project: str | None = None
    since: Time | None = None
    until: Time | None = None


class Day(BaseModel):
    day: date
    succeeded: int
    failed: int


class FailureReason(BaseModel):
    fingerprint: str
    title: str
    count: int
    first_seen: datetime
    last_seen: datetime
    tasks: list[str]


class Stats(BaseModel):
    """`success_rate` is a share of 1 of all that succeeded or failed, null when nothing did."""

    counts: dict[str, int]
    success_rate: float | None
    daily: list[Day]
    failure_reasons: list[FailureReason]


@router.get("", auth=May("tasks.view_run"), response=Stats)
def get_stats(request, filters: Query[StatsFilters]):
    first, last = span(filters)
    days = by_day(filters.project, first, last)
    counts = sum(days.values(), Counter())
    good, bad = counts[Run.Status.SUCCEEDED], failures(counts)
    return {
        "counts": {status: counts[status] for status in Run.Status.values if counts[status]},
        "success_rate": good / (good + bad) if good + bad else None,
        "daily": [
            {"day": day, "succeeded": each[Run.Status.SUCCEEDED], "failed": failures(each)}
            for day, each in days.items()
        ],
        "failure_reasons": reasons(filters.project, first, last),
    }


def span(filters: StatsFilters) -> tuple[date, date]:
    """Return the first and the last day that are asked for; raises a 422."""
    now = timezone.now()
    last = bounded(filters.until or now).astimezone(UTC).date()
    week = last - timedelta(days=USUAL_DAYS - 1)
    first = bounded(filters.since).astimezone(UTC).date() if filters.since else week
    if not timedelta(0) <= last - first < timedelta(days=MOST_DAYS):
        raise wrong({"since": [_("Ask for 1 to %(most)s days.") % {"most": MOST_DAYS}]})
    return first, last


def by_day(project: str | None, first: date, last: date) -> dict[date, Counter]:
    days = {first + timedelta(days=each): Counter() for each in range((last - first).days + 1)}
    rows = RunDay.objects.filter(day__range=(first, last))
    if project is not None:
        rows = rows.filter(project__slug=project)
    for day, status, count in rows.values_list("day", "status").annotate(Sum("count")):
        days[day][status] += count
    return days


def failures(counts: Counter) -> int:
    return sum(counts[status] for status in FAILED)


def reasons(project: str | None, first: date, last: date) -> list[dict]:
    """Return why runs failed, the most frequent reason first."""
    chosen = None
    if project is not None:
        chosen = Project.objects.filter(slug=project).values_list("pk", flat=True).first() or 0
    return [] if chosen == 0 else failing.top(first, last, chosen, MOST_REASONS)
