"""Starts that succeed once, fail with a reason, and leave nothing behind."""

import concurrent.futures
import os
import subprocess
import sys

import psutil
import pytest

from runner import launch, spool, tree
from runner.launch import AlreadyStarted, StartFailed
from runner.launcher import is_answering
from tests.runner.conftest import PATIENCE, Starter, log_of, wait_for


def test_two_starts_of_the_same_attempt_start_one(starter):
    order = starter.order("ending.py", "0", "0.5")

    def start(_):
        try:
            return launch.start(order, starter.launcher)
        except AlreadyStarted:
            return None

    with concurrent.futures.ThreadPoolExecutor(4) as threads:
        started = list(filter(None, threads.map(start, range(4))))

    assert len(started) == 1
    assert starter.end(order).status == "succeeded"
    assert log_of(order) == b"ending 0\n"


@pytest.mark.parametrize("way", ["launcher", "alone"])
@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"argv": ["/nowhere/bin/python3", "x.py"]}, "no_interpreter"),
        ({"argv": ["no-such-program"]}, "no_command"),
        ({"argv": [""]}, "no_command"),
        ({"argv": []}, "no_command"),
        ({"argv": ["with\0nul"]}, "no_command"),
        ({"argv": ["/etc/passwd"]}, "not_permitted"),
        ({"source": "/nowhere/revision"}, "no_directory"),
        ({"workdir": "missing"}, "no_workdir"),
        ({"workdir": "../.."}, "no_workdir"),
    ],
)
def test_a_start_that_fails_says_why_in_both_places(starter, way, changes, reason):
    order = starter.order(**changes)

    with pytest.raises(StartFailed) as raised:
        launch.start(order, starter.launcher if way == "launcher" else "")

    outcome = spool.read_outcome(order.spool)
    assert (raised.value.reason, outcome.status, outcome.reason) == (reason, "start_failed", reason)
    assert raised.value.detail == outcome.detail
    assert not os.path.exists(os.path.join(order.spool, "work"))


def test_it_starts_without_a_launcher_too(tmp_path):
    starter = Starter(tmp_path, str(tmp_path / "nobody"))

    order, outcome = starter.run()

    assert outcome.status == "succeeded"
    assert log_of(order) == b"ending 0\n"


def test_a_spider_outlives_the_launcher(tmp_path):
    path = str(tmp_path / "socket")
    launcher = subprocess.Popen(launch.launcher_argv(path))
    wait_for(lambda: is_answering(path))
    starter = Starter(tmp_path, path)
    order, started = starter.start("polite.py")
    wait_for(lambda: b"ready" in log_of(order))

    launcher.kill()
    launcher.wait(PATIENCE)

    assert tree.is_alive(started.spider)
    assert launch.stop(order.spool, "user")
    assert starter.end(order).status == "canceled"


def test_a_second_launcher_leaves_the_first_in_place(launcher):
    second = subprocess.run(launch.launcher_argv(launcher.path), timeout=PATIENCE, check=False)

    assert second.returncode == 0
    assert launcher.poll() is None
    assert os.path.exists(launcher.path)


@pytest.mark.fault
def test_a_hundred_runs_leave_no_zombie_and_no_open_file(starter, launcher):
    starter.run()
    before = psutil.Process(launcher.pid).num_fds()
    ours = psutil.Process().num_fds()

    for _ in range(100):
        order, outcome = starter.run(argv=["/bin/true"])
        assert outcome.status == "succeeded"

    assert psutil.Process(launcher.pid).num_fds() == before
    assert psutil.Process().num_fds() == ours
    assert psutil.Process(launcher.pid).children() == []
    assert sorted(os.listdir(order.spool)) == sorted(
        ["lock", "log", "log.ts", "order.json", "outcome.json", "output"]
    )
    wait_for(lambda: all(tree.carriers(key) == [] for key in starter.keys[-3:]))


def test_a_launcher_that_is_told_to_leave_takes_its_socket_along(tmp_path):
    path = str(tmp_path / "socket")
    launcher = subprocess.Popen([*launch.launcher_argv(path)], executable=sys.executable)
    wait_for(lambda: is_answering(path))
    launcher.terminate()

    assert launcher.wait(PATIENCE) == 0
    assert not os.path.exists(path)
