"""When tasks will run next."""

from collections import Counter
from datetime import datetime, timedelta
from heapq import merge
from itertools import islice

from tasks.models import Task, Trigger
from tasks.triggers import BadTrigger, fires_between, next_fire, note
from tasks.triggerspecs import spec_of

MOST_FIRES = 5000


def next_fires(triggers, after: datetime, count: int) -> list[tuple[datetime, Trigger, str | None]]:
    """Return the next fires of all `triggers`: time, trigger, and what daylight saving does."""
    streams = [stream(trigger, after) for trigger in triggers if trigger.is_enabled]
    return list(islice(merge(*streams, key=lambda each: each[0]), count))


def stream(trigger: Trigger, after: datetime):
    try:
        spec = spec_of(trigger)
        while spec and (after := next_fire(spec, after)):
            yield after, trigger, note(spec, after)
    except BadTrigger:
        return


def week(task: Task, now: datetime, zone) -> Counter:
    """Return how often the task fires in the coming week, by (weekday, hour) of `zone`."""
    counts = Counter()
    for trigger in task.triggers.filter(is_enabled=True):
        for at in coming(trigger, now, now + timedelta(days=7)):
            local = at.astimezone(zone)
            counts[local.weekday(), local.hour] += 1
    return counts


def coming(trigger: Trigger, start: datetime, end: datetime) -> list[datetime]:
    try:
        spec = spec_of(trigger)
        return fires_between(spec, start, end, MOST_FIRES) if spec else []
    except BadTrigger:
        return []
