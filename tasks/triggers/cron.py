"""Cron lines under daylight saving, by the rule of cron(8).

A fixed hour in the gap fires once, at the first valid instant; in the repeated hour once, the
first. A wildcard in minute or hour follows elapsed time: what the gap leaves out does not fire, and
what is repeated fires again.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from cronsim import CronSim

from tasks.triggers.spec import Cron

TICK = timedelta(microseconds=1)
SECOND = timedelta(seconds=1)
REPEATED_WITHIN = timedelta(hours=3)


def next_cron(spec: Cron, after: datetime) -> datetime | None:
    """Return the first fire strictly after `after`, in UTC, or None when there is none left."""
    if spec.follows_elapsed_time:
        return next_elapsed(spec, after)
    for wall in walls(spec.line, after.astimezone(spec.zone).replace(tzinfo=None)):
        at = first_valid(wall, spec.zone)
        if at > after:
            return at
    return None


def walls(line: str, after: datetime):
    """Return the wall-clock times after the naive `after` that the line names."""
    return CronSim(line, after)


def first_valid(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return the first instant that the wall clock shows `wall`, or the end of the gap it is in."""
    early, late = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if shows(early, wall, zone):
        return early
    # In a gap the two folds straddle the moment at which the clocks change.
    return change_between(late, early, zone)


def shows(at: datetime, wall: datetime, zone: ZoneInfo) -> bool:
    return at.astimezone(zone).replace(tzinfo=None) == wall


def change_between(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    """Return the first instant, to the second, with another offset than `low` has."""
    before = low.astimezone(zone).utcoffset()
    while high - low > SECOND:
        middle = (low + (high - low) / 2).replace(microsecond=0)
        if middle <= low:
            break
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high


def next_elapsed(spec: Cron, after: datetime) -> datetime | None:
    """Walk from change to change of the offset; between two, wall clock and time run alike."""
    zone, since = spec.zone, after
    offset = since.astimezone(zone).utcoffset()
    while wall := next(walls(spec.line, (since + offset).replace(tzinfo=None)), None):
        at = (wall - offset).replace(tzinfo=UTC)
        # What is repeated soon is named by a wall-clock time that has passed already.
        look = min(at, since + REPEATED_WITHIN)
        if look.astimezone(zone).utcoffset() == offset:
            look = at
        if look.astimezone(zone).utcoffset() == offset:
            first = first_valid(wall, zone)
            return first if after < first < at and shows(first, wall, zone) else at
        change = change_between(since, look, zone)
        since, offset = change - TICK, change.astimezone(zone).utcoffset()
    return None
