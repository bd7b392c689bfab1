"""The overseer with real processes: a small program that oversees two members of its own."""

import contextlib
import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

PROGRAM = """
import os, signal, sys, time
from kumo import overseer

def note(name):
    with open(sys.argv[1], "a") as file:
        file.write(f"{name} {os.getpid()}\\n")

def obedient():
    note("obedient")
    signal.pause()

def stubborn():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    note("stubborn")
    while True:
        signal.pause()

overseer.GRACE = float(sys.argv[2])
members = [overseer.Member("obedient", obedient), overseer.Member("stubborn", stubborn)]
overseer.Overseer(members).run(lambda: None)
note("over")
"""
PATIENCE = 60.0


class Overseen:
    """A running overseer, and the pids that its members wrote down."""

    def __init__(self, notes):
        self.notes = notes
        command = [sys.executable, "-c", PROGRAM, str(notes), "0.5"]
        self.process = subprocess.Popen(command)

    def pids(self, name: str) -> list[int]:
        lines = self.notes.read_text().splitlines() if self.notes.exists() else []
        return [int(pid) for noted, pid in map(str.split, lines) if noted == name]

    def wait_for(self, name: str, count: int) -> int:
        """Return the newest pid once so many have come by that name."""
        deadline = time.monotonic() + PATIENCE
        while len(self.pids(name)) < count:
            assert time.monotonic() < deadline, f"{name} did not come"
            time.sleep(0.05)
        return self.pids(name)[-1]

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for pid in (*self.pids("obedient"), *self.pids("stubborn")):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


@pytest.fixture
def overseen(tmp_path):
    made = Overseen(tmp_path / "notes")
    made.wait_for("obedient", 1)
    made.wait_for("stubborn", 1)
    yield made
    made.end()


def is_gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def wait_until_gone(pid: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while not is_gone(pid):
        assert time.monotonic() < deadline, f"process {pid} is still there"
        time.sleep(0.05)


def test_it_starts_again_what_dies(overseen):
    first = overseen.wait_for("obedient", 1)
    os.kill(first, signal.SIGKILL)
    assert overseen.wait_for("obedient", 2) != first


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_it_ends_its_members_even_the_stubborn_ones(overseen, number):
    pids = [overseen.wait_for(name, 1) for name in ("obedient", "stubborn")]
    overseen.process.send_signal(number)
    assert overseen.process.wait(PATIENCE) == 0
    assert overseen.pids("over")
    assert all(map(is_gone, pids))


def test_its_members_do_not_outlive_it_when_it_is_killed(overseen):
    obedient = overseen.wait_for("obedient", 1)
    stubborn = overseen.wait_for("stubborn", 1)
    overseen.process.kill()
    overseen.process.wait()
    wait_until_gone(obedient)
    # SIGTERM is a request; this one does not follow it.
    assert not is_gone(stubborn)
