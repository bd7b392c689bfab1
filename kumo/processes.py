"""What each of Kumo's processes does from its start to its end."""

import gc
import os
import signal
import sys

from django.conf import settings
from django.db import close_old_connections

from backups import planning
from kumo.cluster import Cluster
from kumo.database import prepare_for_pages
from kumo.watchdog import Watchdog
from monitoring import alerting, sending
from nodes import bells, home
from nodes.local import local_node
from runner.launch import launcher_argv
from tasks import clock, keeping
from tasks.upkeep import Upkeep

# Long, because a large log may be on its way.
HTTP_TIMEOUT = 3600
CLOSE_TIMEOUT = 5
# What the clock does besides firing triggers.
CHORES = (planning.begin_due, alerting.look, sending.send_due, Upkeep())
# The launcher and the supervisors it forks know nothing else of Kumo's environment and its keys.
LAUNCHER_VARIABLES = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR")


class Over:
    """Says whether SIGTERM or SIGINT has come; wakes the loop that sleeps on the bell."""

    def __init__(self, bell: str):
        self.bell = bell
        self.is_asked = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.ask)

    def ask(self, _number, _frame) -> None:
        self.is_asked = True
        bells.ring(self.bell, "over")

    def __call__(self) -> bool:
        return self.is_asked


class Keeper(keeping.Keeper):
    """The node's loop, which also watches that the worker works."""

    def __init__(self, node):
        super().__init__(node)
        self.watchdog = Watchdog(node)

    def step(self, rings=()) -> float:
        wait = super().step(rings)
        self.watchdog.look()
        return wait


def web(endpoint: str) -> None:
    """Serve pages, the API and sockets at a Twisted endpoint: `fd:fileno=3`, `tcp:8000:...`."""
    prepare_for_pages()
    # Twisted takes 15 MB and makes its event loop as it is imported: nobody else should have it.
    from kumo.asgi import application
    from kumo.pacing import PacedServer

    PacedServer(
        application=application,
        endpoints=[endpoint],
        http_timeout=HTTP_TIMEOUT,
        application_close_timeout=CLOSE_TIMEOUT,
        # Behind a proxy that ends TLS the peer is the proxy; it says who asked.
        proxy_forwarded_address_header="X-Forwarded-For" if settings.KUMO_TLS else None,
        server_name="kumo",
    ).run()


def keep() -> None:
    over = Over("keeper")
    work(Keeper(local_node()), over)


def tick() -> None:
    over = Over("clock")
    work(clock.Clock(CHORES), over)


def work(loop, over: Over) -> None:
    loop.open()
    try:
        loop.run(over)
    finally:
        loop.close()
        close_old_connections()


def deliver() -> None:
    """Be Django-Q2's cluster; ends the process with the cluster's exit status."""
    sys.exit(Cluster().run())


def launch() -> None:
    """Become the node's launcher, a small Python without Django that forks supervisors."""
    command = launcher_argv(str(home.launcher()))
    known = {name: os.environ[name] for name in LAUNCHER_VARIABLES if name in os.environ}
    os.execve(command[0], command, known)  # noqa: S606


def share_memory() -> None:
    """Make what this process has loaded stay shared with the processes it forks."""
    gc.collect()
    gc.freeze()
