"""Each process alone, as a service manager runs it."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from runner import sockets
from tests.installation import PATIENCE, ROOT, Installation, wait_for


@pytest.fixture
def alone(tmp_path):
    """Starts one of Kumo's commands in a data directory of its own, and ends it."""
    installation = Installation(tmp_path / "alone", KUMO_BIND="127.0.0.1:0")
    started = []

    def start(command: str) -> subprocess.Popen:
        process = subprocess.Popen(
            [sys.executable, "manage.py", command], cwd=ROOT, env=installation.environment()
        )
        started.append(process)
        return process

    start.sockets = installation.home / "sockets"
    yield start
    for process in started:
        process.kill()
        process.wait()
    installation.end()


@pytest.mark.parametrize(
    ("command", "socket"), [("clock", "clock"), ("keeper", "keeper"), ("qcluster", "worker")]
)
def test_a_loop_ends_when_it_is_asked_to(alone, command, socket):
    process = alone(command)
    wait_for((alone.sockets / socket).exists)
    process.send_signal(signal.SIGTERM)
    assert process.wait(PATIENCE) == 0


def test_a_cluster_that_is_told_to_start_afresh_ends_with_an_error(alone):
    process = alone("qcluster")
    wait_for((alone.sockets / "worker").exists)
    sockets.ring(str(alone.sockets / "cluster"), "restart")
    assert process.wait(PATIENCE) == 1


def test_the_launcher_knows_nothing_of_kumos_keys(alone):
    process = alone("launcher")
    wait_for((alone.sockets / "launcher").exists)
    environment = Path(f"/proc/{process.pid}/environ").read_text()
    assert "KUMO_" not in environment
    process.send_signal(signal.SIGTERM)
    process.wait(PATIENCE)
