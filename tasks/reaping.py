"""Declares attempts of silent nodes lost, and never because the reaper itself was away."""

import logging
import time
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError

from nodes.models import LOST_AFTER
from runner.outcome import Outcome
from tasks import failures
from tasks.models import Attempt
from tasks.outcomes import finish
from tasks.statuses import ATTEMPT_ACTIVE

logger = logging.getLogger("kumo.clock")
LOOK_EVERY = timedelta(seconds=15)


class Reaper:
    """Looks each 15 s at the leases of other nodes; a keeper judges its own attempts by locks."""

    def __init__(self):
        self.looked_at = time.monotonic()
        self.is_awake_since = time.monotonic()
        self.wall_clock_at = None

    def reap(self, now):
        """Reap what is lost; return when to look again."""
        current = time.monotonic()
        passed = current - self.looked_at
        if passed > 3 * LOOK_EVERY.total_seconds() or self.has_jumped(now, passed):
            # We were paused, cut off or set to another time: give all a whole lease again.
            self.is_awake_since = current
        self.looked_at, self.wall_clock_at = current, now
        if current - self.is_awake_since >= LOST_AFTER.total_seconds():
            for attempt in lost_attempts(now):
                self.lose(attempt)
        return now + LOOK_EVERY

    def has_jumped(self, now, passed: float) -> bool:
        """Say whether the wall clock went otherwise than time did since the last look."""
        if self.wall_clock_at is None:
            return False
        by_wall = (now - self.wall_clock_at).total_seconds()
        return abs(by_wall - passed) > LOOK_EVERY.total_seconds()

    def lose(self, attempt: Attempt) -> None:
        try:
            if finish(attempt, Outcome(status="lost", reason="node_lost")):
                failures.note(attempt)
        except DatabaseError:
            raise
        except Exception:
            # One attempt that troubles us does not keep the others.
            logger.exception("Attempt %s cannot be given up", attempt.pk)


def lost_attempts(now):
    return (
        Attempt.objects.filter(status__in=ATTEMPT_ACTIVE, lease_until__lt=now - LOST_AFTER)
        .exclude(node__slug=settings.KUMO_NODE_NAME)
        .select_related("run")
    )
