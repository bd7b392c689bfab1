"""What a trigger says, checked and ready to be computed with."""

import math
import zoneinfo
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from cronsim import CronSim, CronSimError

from tasks.triggers.errors import BadTrigger

NAMED = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}
LONGEST_EVERY = 366 * 86_400
# A year that every day and every weekday of a line comes round after.
PROBE = datetime(2000, 1, 1)


@dataclass(frozen=True, kw_only=True)
class Common:
    """Aware times between which it fires, and the seconds by which each fire may be put off."""

    start: datetime | None = None
    end: datetime | None = None
    jitter: float = 0
    seed: int = 0


@dataclass(frozen=True)
class Cron(Common):
    """A cron line in an IANA time zone; raises BadTrigger."""

    expression: str
    time_zone: str

    def __post_init__(self):
        _ = self.line, self.zone
        try:
            next(CronSim(self.line, PROBE))
        # A number of thousands of digits is a ValueError of Python's own.
        except (CronSimError, ValueError) as problem:
            raise BadTrigger("cron", "syntax", str(problem)) from None
        except StopIteration:
            raise BadTrigger("cron", "never") from None

    @cached_property
    def line(self) -> str:
        """The five fields, with a name such as `@daily` spelled out."""
        text = " ".join(self.expression.split())
        if not text:
            raise BadTrigger("cron", "empty")
        text = NAMED.get(text.lower(), text)
        if len(text.split()) != 5:
            raise BadTrigger("cron", "fields")
        return text

    @cached_property
    def zone(self) -> zoneinfo.ZoneInfo:
        try:
            return zoneinfo.ZoneInfo(self.time_zone)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
            raise BadTrigger("time_zone", "zone", self.time_zone) from None

    @property
    def follows_elapsed_time(self) -> bool:
        """Whether minute or hour is a wildcard, which cron(8) lets follow elapsed time."""
        minute, hour = self.line.split()[:2]
        return minute.startswith("*") or hour.startswith("*")


@dataclass(frozen=True)
class Interval(Common):
    """Every so many seconds from `anchor` on, without drift; raises BadTrigger."""

    every: float | None
    anchor: datetime

    def __post_init__(self):
        every = self.every
        if every is None or not math.isfinite(every) or not 1 <= every <= LONGEST_EVERY:
            raise BadTrigger("every", "every")

    @property
    def length(self) -> timedelta:
        return timedelta(seconds=self.every)


@dataclass(frozen=True)
class Date(Common):
    """Once; raises BadTrigger."""

    at: datetime | None

    def __post_init__(self):
        if self.at is None:
            raise BadTrigger("at", "no_time")
