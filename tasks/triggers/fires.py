"""The fires of a trigger: the next one, several, and what daylight saving does to one."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice

from tasks.triggers.cron import TICK, first_valid, next_cron, shows, walls
from tasks.triggers.errors import BadTrigger
from tasks.triggers.spec import Cron, Date, Interval

Spec = Cron | Interval | Date


def next_fire(spec: Spec, after: datetime) -> datetime | None:
    """Return the first fire strictly after `after`, in UTC, or None when there is none left."""
    after = after.astimezone(UTC)
    if spec.start and spec.start > after:
        after = spec.start.astimezone(UTC) - TICK
    at = jittered(spec, after) if spec.jitter else due(spec, after)
    return None if at is None or (spec.end and at > spec.end) else at


def fires(spec: Spec, after: datetime, count: int) -> list[datetime]:
    """Return the next `count` fires, or fewer when there are no more."""
    return list(islice(following(spec, after), count))


def fires_between(spec: Spec, start: datetime, end: datetime, at_most: int) -> list[datetime]:
    """Return the first `at_most` fires after `start`, up to `end` itself."""
    found = []
    for at in following(spec, start):
        if at > end or len(found) == at_most:
            break
        found.append(at)
    return found


def following(spec: Spec, after: datetime) -> Iterator[datetime]:
    while (after := next_fire(spec, after)) is not None:
        yield after


def due(spec: Spec, after: datetime) -> datetime | None:
    """Return the first due time after `after`, without jitter, start and end."""
    match spec:
        case Cron():
            return next_cron(spec, after)
        case Interval():
            # In UTC, for arithmetic in a zone would follow the clock on the wall.
            anchor = spec.anchor.astimezone(UTC)
            passed = max((after - anchor) // spec.length + 1, 1)
            return anchor + passed * spec.length
    return spec.at.astimezone(UTC) if spec.at > after else None


def jittered(spec: Spec, after: datetime) -> datetime | None:
    """Return the first put-off due time after `after`; the same due time is always put off alike.

    A due time is never put off beyond the next one, so that their order stays.
    """
    at = due(spec, after - timedelta(seconds=spec.jitter))
    while at is not None:
        coming = due(spec, at)
        most = timedelta(seconds=spec.jitter)
        if coming is not None:
            most = min(most, coming - at)
        put_off = at + part(spec.seed, at) * most
        if put_off > after:
            return put_off
        at = coming
    return None


def part(seed: int, at: datetime) -> float:
    """Return a number from 0 up to 1 that follows from the trigger and the due time alone."""
    text = f"{seed} {at.timestamp()}".encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=6).digest()) / 2**48


def note(spec: Spec, at: datetime) -> str | None:
    """Return `gap` for a fire that daylight saving moved, `repeated` for the first of two."""
    if not isinstance(spec, Cron) or spec.follows_elapsed_time or spec.jitter:
        return None
    wall = at.astimezone(spec.zone).replace(tzinfo=None)
    if next_cron(spec, at - TICK) == at and not names(spec, wall):
        return "gap"
    late = wall.replace(tzinfo=spec.zone, fold=1).astimezone(UTC)
    is_repeated = late != at and shows(late, wall, spec.zone)
    return "repeated" if is_repeated and first_valid(wall, spec.zone) == at else None


def names(spec: Cron, wall: datetime) -> bool:
    """Say whether the line names this wall-clock time itself."""
    return next(walls(spec.line, wall - timedelta(minutes=1)), None) == wall


def check(spec: Spec, now: datetime) -> None:
    """Refuse what would never fire after `now`; raises BadTrigger at the field that is wrong."""
    if isinstance(spec, Date) and spec.at <= now:
        raise BadTrigger("at", "past")
    if spec.start and spec.end and spec.end <= spec.start:
        raise BadTrigger("ends_at", "order")
    if spec.end and spec.end <= now:
        raise BadTrigger("ends_at", "past")
    if next_fire(spec, now) is None:
        raise BadTrigger("ends_at" if spec.end else "at", "never")
