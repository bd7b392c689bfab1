import contextlib
import os
import signal
import sys
import time

import pytest

from envs import builder
from tests.envs.builder.wheels import wheel

DEADLINE = 120


def until(condition, deadline=DEADLINE):
    """Wait until `condition()` is true and return what it gave."""
    end = time.monotonic() + deadline
    while not (found := condition()):
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)
    return found


class Workshop:
    """Starts builds below one directory, with one cache and a few wheels."""

    def __init__(self, root):
        self.root = root
        self.wheels = root / "wheels"
        wheel(self.wheels, "alpha", "1.0", needs=("beta>=1",))
        wheel(self.wheels, "beta", "1.0")
        wheel(self.wheels, "beta", "2.0")
        self.started = {}

    def order(self, name, requirements="", **more):
        given = {
            "key": name,
            "directory": str(self.root / "envs" / name),
            "python": sys.executable,
            "cache_dir": str(self.root / "cache"),
            "requirements": requirements,
            "find_links": [str(self.wheels)],
            "has_index": False,
            "timeout": 100,
        }
        return builder.Order(**(given | more))

    def start(self, name, requirements="", **more):
        order = self.order(name, requirements, **more)
        self.started[self.root / "envs" / name] = builder.start(order)
        return self.root / "envs" / name

    def build(self, name, requirements="", **more):
        """Return the directory and the outcome of a build that has ended."""
        directory = self.start(name, requirements, **more)
        until(lambda: not builder.is_held(directory))
        return directory, builder.read_outcome(directory)

    def log(self, directory):
        return b"".join(path.read_bytes() for path in directory.glob("log*")).decode(
            errors="replace"
        )

    def end(self):
        for directory, pid in self.started.items():
            if builder.is_held(directory):
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(pid, signal.SIGKILL)
                until(lambda held=directory: not builder.is_held(held))


@pytest.fixture
def workshop(tmp_path):
    shop = Workshop(tmp_path)
    yield shop
    shop.end()
