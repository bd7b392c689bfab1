"""Real supervisors for the tests of the runner, started by a real launcher."""

import os
import subprocess
import sys
import time
import uuid
from pathlib import Path

import pytest

from runner import launch, spool, tree
from runner.launcher import is_answering
from runner.order import Order

SPIDERS = Path(__file__).parent.parent / "spiders"
PATIENCE = 60


def wait_for(condition, patience=PATIENCE):
    """Return the first true value of the condition; fail when it does not come."""
    deadline = time.monotonic() + patience
    while not (value := condition()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)
    return value


class Starter:
    """Makes orders for spiders below a directory, starts them, waits for their ends."""

    def __init__(self, home, launcher):
        self.home, self.launcher, self.keys = home, launcher, []

    def order(self, spider="ending.py", *words, **changes):
        key = uuid.uuid4().hex
        self.keys.append(key)
        values = {
            "key": key,
            "home": str(self.home),
            "spool": str(self.home / "attempts" / key),
            "argv": [sys.executable, "-S", str(SPIDERS / spider), *words],
            "env": {"PATH": os.environ["PATH"]},
            "grace": 2,
        }
        return Order(**values | changes)

    def start(self, *args, **changes):
        order = self.order(*args, **changes)
        return order, launch.start(order, self.launcher)

    def run(self, *args, **changes):
        order, _ = self.start(*args, **changes)
        return order, self.end(order)

    def end(self, order):
        return wait_for(lambda: spool.read_outcome(order.spool))


def log_of(order):
    return (Path(order.spool) / "log").read_bytes()


@pytest.fixture(scope="package")
def launcher(tmp_path_factory):
    path = str(tmp_path_factory.mktemp("launcher") / "socket")
    process = subprocess.Popen(launch.launcher_argv(path))
    process.path = path
    wait_for(lambda: is_answering(path))
    yield process
    process.terminate()
    process.wait(PATIENCE)


@pytest.fixture
def starter(tmp_path, launcher):
    made = Starter(tmp_path, launcher.path)
    yield made
    for key in made.keys:
        tree.end_carriers(key)
