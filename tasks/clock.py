"""The clock: sleeps until something is due, and wakes early when a trigger was changed."""

import logging
from datetime import timedelta

from django.db import DatabaseError, close_old_connections, connection
from django.db.models import Min
from django.utils import timezone

from nodes import home
from nodes.delivery import deliver
from runner.sockets import Bell
from tasks import expiring, reaping, scheduling
from tasks.models import Run

logger = logging.getLogger("kumo.clock")
LONGEST_SLEEP = 30.0
REST = timedelta(seconds=LONGEST_SLEEP)


class Clock:
    """Any number of clocks may run: a due time is taken by a conditional UPDATE.

    `chores` are further things to do: each is given the time, and returns when to be called again.
    """

    def __init__(self, chores=()):
        self.chores = chores
        self.chores_at = {}
        self.bell = None
        self.reaper = reaping.Reaper()

    def open(self) -> None:
        self.bell = Bell(str(home.bell("clock")))

    def close(self) -> None:
        self.bell.close()

    def run(self, is_over) -> None:
        """Work until `is_over()`; a database that is away is waited for."""
        wait = 0.0
        while not is_over():
            self.bell.wait(wait)
            try:
                close_old_connections()
                wait = self.step()
            except DatabaseError:
                logger.warning("The database does not answer; trying again", exc_info=True)
                connection.close()
                wait = 1.0

    def step(self) -> float:
        """Do all that is due; return the seconds until something is due again."""
        now = timezone.now()
        due = [
            scheduling.fire_due(now),
            wake_retries(now),
            expiring.expire_waiting(now),
            self.reaper.reap(now),
            *(self.do_chore(chore, now) for chore in self.chores),
            now + REST,
        ]
        earliest = min(each for each in due if each)
        return max(0.0, (earliest - timezone.now()).total_seconds())

    def do_chore(self, chore, now):
        """Return when the chore is to be done again; one that fails does not stop the clock."""
        if self.chores_at.get(chore, now) > now:
            return self.chores_at[chore]
        try:
            self.chores_at[chore] = chore(now)
        except DatabaseError:
            raise
        except Exception:
            logger.exception("%s failed", chore)
            self.chores_at[chore] = now + REST
        return self.chores_at[chore]


def wake_retries(now):
    """Ring for the retries whose time has come; return when the next one comes, or None."""
    waiting = Run.objects.filter(status=Run.Status.RETRY_WAIT)
    if waiting.filter(next_attempt_at__lte=now).exists():
        deliver("tasks.deliveries.start_runs", 0)
    later = waiting.filter(next_attempt_at__gt=now)
    return later.aggregate(earliest=Min("next_attempt_at"))["earliest"]
