"""Minutes in which many tasks start together, and how to spread them: pure arithmetic."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tasks.triggers import fires_between

MOST_FIRES = 2000
MOST_SHOWN = 20
SPREAD = timedelta(minutes=2)


@dataclass(frozen=True)
class Collision:
    """A minute, the tasks that start in it, and for each a minute of its own."""

    at: datetime
    tasks: list
    suggestions: list[tuple]


def collisions(
    named: Iterable[tuple], start: datetime, end: datetime, together: int
) -> list[Collision]:
    """Return the minutes with `together` different tasks or more, the most crowded first.

    `named` are pairs of a task (anything with an order of its own by `str`) and a specification.
    The same tasks at the same time of day are said once.
    """
    minutes = defaultdict(dict)
    for task, spec in named:
        for at in fires_between(spec, start, end, MOST_FIRES):
            minutes[at.replace(second=0, microsecond=0)][str(task)] = task
    crowded = [
        (at, [tasks[name] for name in sorted(tasks)])
        for at, tasks in sorted(minutes.items())
        if len(tasks) >= together
    ]
    seen, found = set(), []
    for at, tasks in sorted(crowded, key=lambda each: -len(each[1])):
        key = (at.time(), *map(str, tasks))
        if key not in seen:
            seen.add(key)
            found.append(Collision(at, tasks, spread(at, tasks)))
    return found[:MOST_SHOWN]


def spread(at: datetime, tasks: list) -> list[tuple]:
    """Return each task with a minute of its own, the first one staying where it is."""
    return [(task, at + place * SPREAD) for place, task in enumerate(tasks)]
