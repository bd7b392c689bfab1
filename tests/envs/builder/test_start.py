import os
import signal

import pytest

from envs import builder
from tests.envs.builder.conftest import until
from tests.envs.builder.wheels import sdist

# A build that says where it is and then waits: what tests stop is truly at work.
WAITS = """
import pathlib, time
def build_wheel(*arguments, **more):
    pathlib.Path({mark!r}).touch()
    time.sleep(600)
prepare_metadata_for_build_wheel = build_wheel
"""
DEAF = """
import signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
"""


@pytest.fixture
def waiting(workshop):
    """Start a build that waits in its first phase; return its directory."""

    def start(setup=""):
        mark = workshop.root / "reached"
        sdist(workshop.wheels, "delta", "1.0", setup + WAITS.format(mark=str(mark)))
        directory = workshop.start("waiting", "delta")
        until(mark.exists)
        return directory

    return start


def test_a_directory_is_built_once(workshop):
    workshop.build("one")
    with pytest.raises(builder.AlreadyStarted):
        builder.start(workshop.order("one"))


def test_a_build_is_held_from_its_start_to_its_end(workshop, waiting):
    directory = waiting()

    assert builder.is_held(directory)
    assert builder.read_outcome(directory) is None
    progress = builder.read_progress(directory)
    assert (progress.phase, progress.pid) == ("resolve", workshop.started[directory])


@pytest.mark.parametrize("setup", ["", DEAF])
def test_a_canceled_build_ends_with_all_it_started(waiting, setup):
    directory = waiting(setup)

    assert builder.cancel(directory)
    until(lambda: not builder.is_held(directory))

    outcome = builder.read_outcome(directory)
    assert (outcome.status, outcome.reason, outcome.phase) == ("canceled", "canceled", "resolve")
    assert not (directory / "venv").exists()
    assert not builder.cancel(directory)


def test_a_late_build_ends_with_all_it_started(workshop):
    mark = workshop.root / "reached"
    sdist(workshop.wheels, "delta", "1.0", WAITS.format(mark=str(mark)))
    directory, outcome = workshop.build("late", "delta", timeout=3)

    assert (outcome.status, outcome.reason) == ("failed", "timeout")
    assert not (directory / "venv").exists()


def test_a_builder_that_is_killed_leaves_no_outcome_and_can_be_canceled(workshop, waiting):
    directory = waiting()

    os.kill(workshop.started[directory], signal.SIGKILL)
    # Its installer lives on and may write: the directory counts as held, and is set free.
    assert builder.is_held(directory)
    assert builder.cancel(directory)

    until(lambda: not builder.is_held(directory))
    assert builder.read_outcome(directory) is None
