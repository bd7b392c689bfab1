"""Reads a trigger's row as the pure specification that the arithmetic works on."""

from tasks.triggers import Cron, Date, Interval


def spec_of(trigger):
    """Return the trigger's specification, or None for one that no clock fires.

    Raises tasks.triggers.BadTrigger where the row makes no sense.
    """
    common = {
        "start": trigger.starts_at,
        "end": trigger.ends_at,
        "jitter": trigger.jitter,
        "seed": trigger.pk or 0,
    }
    match trigger.kind:
        case "cron":
            return Cron(trigger.cron, trigger.time_zone, **common)
        case "interval":
            return Interval(trigger.every, trigger.anchor_at, **common)
        case "date":
            return Date(trigger.at, **common)
    return None
