"""Notices that runs could start and none does, and has the worker started afresh."""

import time

from django.db.models import Max
from django.utils import timezone

from kumo import cluster
from nodes import disk
from nodes.models import Node
from tasks.dispatch import choose
from tasks.limits import Load
from tasks.models import Attempt, Maintenance

LOOK_EVERY = 10.0
PATIENCE = 30.0


class Watchdog:
    """Looks at most every ten seconds; lengths are of the monotonic clock."""

    def __init__(self, node: Node, restart=cluster.restart):
        self.node = node
        self.restart = restart
        self.look_at = 0.0
        self.latest_start = None
        self.stuck_since = None

    def look(self, now: float | None = None) -> None:
        now = time.monotonic() if now is None else now
        if now < self.look_at:
            return
        self.look_at = now + LOOK_EVERY
        if not self.is_stuck():
            self.stuck_since = None
        elif self.stuck_since is None:
            self.stuck_since = now
        elif now - self.stuck_since >= PATIENCE:
            self.stuck_since = None
            self.restart()

    def is_stuck(self) -> bool:
        """Tell whether a run could start, and nothing has started since the last look."""
        before, self.latest_start = self.latest_start, latest_start(self.node)
        return before == self.latest_start and could_start(self.node.pk)


def latest_start(node: Node):
    return Attempt.objects.filter(node=node).aggregate(latest=Max("assigned_at"))["latest"]


def could_start(node_id: int) -> bool:
    """Tell whether a run waits that the node, its task, project and groups have room for."""
    node = Node.objects.get(pk=node_id)
    if not node.is_accepting or disk.is_low() or Maintenance.is_on():
        return False
    return bool(choose(node, Load.now(), timezone.now()))
