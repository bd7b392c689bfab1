"""Django-Q2's cluster, which ends as a whole when a part of it dies, to be started afresh."""

import logging
import os
from multiprocessing import connection

from django_q import cluster
from django_q.signals import post_execute_in_worker

from kumo.broker import BELL, finished
from kumo.lineage import Lineage
from nodes import bells, home
from runner.sockets import Bell

logger = logging.getLogger("kumo.worker")
RESTART_BELL = "cluster"
RECYCLED = -2


class Sentinel(cluster.Sentinel):
    """Guards the workers.

    A worker that is killed while it waits takes the lock of the queue with it, and every other
    one then waits for ever. So a death is not mended here: it ends the cluster.
    """

    def reincarnate(self, process):
        if process is self.pusher or is_recycled(process):
            super().reincarnate(process)
            return
        logger.error("Process %s of the cluster died; starting all of them afresh", process.pid)
        os._exit(1)

    def stop(self):
        self.event_out.set()
        bells.ring(BELL)
        super().stop()


def is_recycled(process) -> bool:
    """Tell whether this is a worker that ended itself after its share of work."""
    timer = getattr(process, "timer", None)
    return timer is not None and int(timer.value) == RECYCLED


class Cluster(cluster.Cluster):
    """Django-Q2's cluster with our sentinel; it can be told to end for a new start."""

    def run(self) -> int:
        """Work until SIGTERM; return the exit status, 0 only for an end that was asked for."""
        # start() names its sentinel by this module's global and offers no other way.
        cluster.Sentinel = Sentinel
        finished.restart()
        post_execute_in_worker.connect(finished.add, dispatch_uid="kumo.broker")
        self.lineage = Lineage()
        bell = Bell(str(home.bell(RESTART_BELL)))
        try:
            self.start()
            return self.watch(self.sentinel, bell)
        finally:
            bell.close()

    @staticmethod
    def watch(sentinel, bell) -> int:
        while sentinel.is_alive():
            connection.wait([sentinel.sentinel, bell])
            if "restart" in bell.drain():
                logger.error("Runs wait and none is started; starting the cluster afresh")
                sentinel.kill()
                sentinel.join()
        return 0 if sentinel.exitcode == 0 else 1

    def sig_handler(self, signum, frame):
        if self.sentinel is None:
            raise SystemExit(0)
        super().sig_handler(signum, frame)


def restart() -> None:
    """Ask this machine's cluster to end; whoever started it starts it again."""
    bells.ring(RESTART_BELL, "restart")
