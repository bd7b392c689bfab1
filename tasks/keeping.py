"""The keeper: follows this node's attempts by their spools and brings their outcomes home."""

import logging
import time

from django.db import DatabaseError, close_old_connections, connection
from django.utils import timezone

from envs.keeping import bring_home_builds
from nodes import home
from nodes.delivery import deliver
from nodes.local import beat
from nodes.models import Node
from runner.sockets import Bell
from tasks.following import look_after, renew_leases
from tasks.models import Attempt, Run
from tasks.packing import Packer
from tasks.statuses import ATTEMPT_ACTIVE
from tasks.usage import Usage

logger = logging.getLogger("kumo.keeper")
LOOK_EVERY = 2.0
BEAT_EVERY = 10.0
REST = 10.0


class Keeper:
    """This node's loop; it holds nothing that a keeper started after it could not find again."""

    def __init__(self, node: Node):
        self.node = node
        self.bell = None
        self.usage = Usage()
        self.packer = Packer()
        self.look_at = self.beat_at = 0.0

    def open(self) -> None:
        self.bell = Bell(str(home.bell("keeper")))

    def close(self) -> None:
        self.bell.close()

    def run(self, is_over) -> None:
        """Work until `is_over()`; a database that is away is waited for."""
        wait = 0.0
        while not is_over():
            rings = self.bell.wait(wait)
            try:
                wait = self.step(rings)
            except DatabaseError:
                logger.warning("The database does not answer; trying again", exc_info=True)
                connection.close()
                wait = 1.0

    def step(self, rings=()) -> float:
        """Do what is due or was rung for; return the seconds until something is due again."""
        now = time.monotonic()
        if now >= self.beat_at:
            self.beat_at = now + BEAT_EVERY
            close_old_connections()
            beat(self.node)
            self.wake_worker()
        if any(ring.startswith("build") for ring in rings) or now >= self.look_at:
            bring_home_builds()
        self.packer.step()
        if now >= self.look_at:
            active = self.look_at_all()
            self.look_at = time.monotonic() + (LOOK_EVERY if active else REST)
        elif rings:
            self.look_at_rung(rings)
        return max(0.0, min(self.look_at, self.beat_at) - time.monotonic())

    def attempts(self):
        return Attempt.objects.filter(node=self.node, status__in=ATTEMPT_ACTIVE).select_related(
            "run"
        )

    def look_at_all(self) -> int:
        """Look after every active attempt of this node; return how many go on."""
        active = [each for each in self.attempts() if not self.look_at_one(each)]
        renew_leases(active)
        self.usage.sample(active)
        return len(active)

    def look_at_rung(self, rings) -> None:
        """Look after the attempts that the rings name: `ended KEY`, `started KEY`, `stop RUN`."""
        keys, runs = set(), set()
        for word, _space, name in (ring.partition(" ") for ring in rings):
            if word == "ended":
                keys.add(name)
            elif word == "stop" and name.isdigit():
                runs.add(int(name))
            elif word == "started":
                # From now on there is something to look at more often.
                self.look_at = min(self.look_at, time.monotonic() + LOOK_EVERY)
        if keys:
            for attempt in self.attempts().filter(key__in=keys):
                self.look_at_one(attempt)
        if runs:
            for attempt in self.attempts().filter(run__in=runs):
                self.look_at_one(attempt)

    def look_at_one(self, attempt: Attempt) -> bool:
        """Return whether the attempt has ended; one that troubles us does not stop the others."""
        try:
            has_ended = look_after(attempt)
            if has_ended:
                self.packer.add(attempt.spool)
            return has_ended
        except DatabaseError:
            raise
        except Exception:
            logger.exception("Attempt %s cannot be looked after", attempt.pk)
            return False

    def wake_worker(self) -> None:
        """Ring for runs that wait: a delivery may have been lost."""
        if Run.objects.waiting(timezone.now()).exists():
            deliver("tasks.deliveries.start_runs", 0)
