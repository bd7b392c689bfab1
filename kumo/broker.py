"""Django-Q2's database broker, woken by a socket instead of asking the database all the time."""

import logging
import multiprocessing
import time

from django.db import DatabaseError, connections, transaction
from django.utils import timezone
from django_q.brokers.orm import ORM
from django_q.conf import Conf
from django_q.models import OrmQ

from nodes import bells, home
from runner.sockets import Bell

logger = logging.getLogger("kumo.broker")
BELL = "worker"
# How long an idle broker sleeps when nobody rings: a message from another host waits so long.
LONGEST_SLEEP = 1.0


class Finished:
    """Counts the messages that the workers of one cluster have done with."""

    def __init__(self):
        self.restart()

    def restart(self) -> None:
        """Begin a count for a new cluster: a worker that was killed may hold the old one's lock."""
        self._count = multiprocessing.Value("Q", 0)

    def add(self, **_signal) -> None:
        """Say in a worker that it is free again, and wake the one who hands out."""
        with self._count.get_lock():
            self._count.value += 1
        bells.ring(BELL)

    def count(self) -> int:
        return self._count.value


finished = Finished()


class WakeBroker(ORM):
    """Hands out a message only while a worker of this cluster is free to take it at once.

    A message taken earlier would wait here behind a long one, while another host has nothing
    to do. Only the cluster's pusher takes messages; it alone binds the bell.
    """

    def __init__(self, list_key=None):
        super().__init__(list_key)
        self._forget()

    def __setstate__(self, state):
        super().__setstate__(state)
        self._forget()

    def _forget(self) -> None:
        self._bell = None
        self._handed_out = 0
        self._handed_out_at = 0.0

    @staticmethod
    def get_cache():
        """Return None: nobody reads Django-Q2's own statistics."""

    def enqueue(self, task):
        key = super().enqueue(task)
        transaction.on_commit(lambda: bells.ring(BELL), using=Conf.ORM, robust=True)
        return key

    def dequeue(self):
        """Return a list of one message and its key; None after a wait in which none came."""
        if self._bell is None:
            self._bell = Bell(str(home.bell(BELL)))
            self._handed_out = finished.count()
        message = self._take_one()
        if message is None and self._bell.wait(LONGEST_SLEEP):
            message = self._take_one()
        return message and [message]

    def fail(self, task_id):
        """Drop a message that cannot be read; no worker will say that it is done."""
        self._handed_out -= 1
        super().fail(task_id)

    def _take_one(self):
        if not self._is_a_worker_free():
            return None
        try:
            message = self._claim()
        except DatabaseError:
            logger.warning("The database does not answer; trying again", exc_info=True)
            connections[Conf.ORM].close()
            time.sleep(LONGEST_SLEEP)
            return None
        if message:
            self._handed_out += 1
            self._handed_out_at = time.monotonic()
        return message

    def _is_a_worker_free(self) -> bool:
        if self._handed_out - finished.count() < Conf.WORKERS:
            return True
        if time.monotonic() - self._handed_out_at > Conf.RETRY:
            # Longer than a message may take: whoever had it cannot say so any more.
            self._handed_out = finished.count()
        return False

    def _claim(self):
        """Lock the oldest message that is due; another host may be quicker."""
        queue = self.get_connection()
        due = queue.filter(key=self.list_key, lock__lte=timezone.now()).order_by("pk")
        for row in due[: Conf.WORKERS]:
            mine = OrmQ.objects.using(Conf.ORM).filter(pk=row.pk, lock=row.lock)
            if mine.update(lock=self.timeout(row)):
                return row.pk, row.payload
        return None
