"""When something is due: pure arithmetic, without a database."""

from tasks.triggers.errors import BadTrigger
from tasks.triggers.fires import check, fires, fires_between, next_fire, note
from tasks.triggers.spec import Cron, Date, Interval

__all__ = [
    "BadTrigger",
    "Cron",
    "Date",
    "Interval",
    "check",
    "fires",
    "fires_between",
    "next_fire",
    "note",
]
