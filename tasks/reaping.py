"""Declares attempts of silent nodes lost, and never because the reaper itself was away."""

import time
from datetime import timedelta

from django.conf import settings

from nodes.models import LOST_AFTER
from runner.outcome import Outcome
from tasks.models import Attempt
from tasks.outcomes import finish
from tasks.statuses import ATTEMPT_ACTIVE

LOOK_EVERY = timedelta(seconds=15)


class Reaper:
    """Looks each 15 s at the leases of other nodes; a keeper judges its own attempts by locks."""

    def __init__(self):
        self.looked_at = time.monotonic()
        self.is_awake_since = time.monotonic()

    def reap(self, now):
        """Reap what is lost; return when to look again."""
        current = time.monotonic()
        if current - self.looked_at > 3 * LOOK_EVERY.total_seconds():
            # We were paused or cut off: the nodes may have been too. Give all a whole lease again.
            self.is_awake_since = current
        self.looked_at = current
        if current - self.is_awake_since >= LOST_AFTER.total_seconds():
            for attempt in lost_attempts(now):
                finish(attempt, Outcome(status="lost", reason="node_lost"))
        return now + LOOK_EVERY


def lost_attempts(now):
    return (
        Attempt.objects.filter(status__in=ATTEMPT_ACTIVE, lease_until__lt=now - LOST_AFTER)
        .exclude(node__slug=settings.KUMO_NODE_NAME)
        .select_related("run")
    )
