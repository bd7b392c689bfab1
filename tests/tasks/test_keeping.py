"""The life of runs with real supervisors and spiders, and no other process of Kumo."""

import os
import shutil
import signal
import time
from datetime import timedelta

import psutil
import pytest
from django.utils import timezone

from runner.outcome import Outcome
from tasks import dispatch, outcomes, starting
from tasks.keeping import Keeper
from tasks.models import Attempt, Event, Fire, Run, RunDay, Task
from tasks.queue import enqueue
from tasks.stopping import request_stop
from tests.factories import (
    make_attempt,
    make_node,
    make_project,
    make_run,
    make_task,
    make_trigger,
)

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 60
SPIDERS = {
    "good.py": "print('hello')\n",
    "bad.py": "import sys\nprint('no')\nsys.exit(3)\n",
    "slow.py": "import time\nprint('begun', flush=True)\ntime.sleep(300)\n",
    "stubborn.py": (
        "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "print('begun', flush=True)\ntime.sleep(300)\n"
    ),
}


class Kumo:
    """The worker's and the keeper's work on one node, done when a test says so."""

    def __init__(self):
        self.node = make_node(slots=4)
        self.keeper = Keeper(self.node)
        self.keeper.open()

    def work(self) -> None:
        dispatch.start_what_fits(self.node)
        self.keeper.look_at = 0
        self.keeper.step(self.keeper.bell.wait(0.05))

    def until(self, is_so) -> None:
        deadline = time.monotonic() + PATIENCE
        while not is_so():
            assert time.monotonic() < deadline
            self.work()

    def until_status(self, run: Run, *statuses: str) -> Run:
        self.until(lambda: Run.objects.filter(pk=run.pk, status__in=statuses).exists())
        run.refresh_from_db()
        return run

    def close(self) -> None:
        for run in Run.objects.filter(status="running"):
            request_stop(run)
            request_stop(run)
        self.until(lambda: not Run.objects.filter(status="running").exists())
        self.keeper.close()


@pytest.fixture
def kumo(home):
    made = Kumo()
    yield made
    made.close()


def make_spider(name: str, **fields) -> Task:
    return make_task(command=f"python {name}.py", project=make_project(SPIDERS), **fields)


def start(task: Task, **fields) -> Run:
    return enqueue(task, Run.Origin.API, **fields)


def begun(run: Run):
    """Say whether the run's spider has printed something."""
    attempt = run.attempts.last()
    log = attempt and attempt.spool / "log"
    return bool(log) and log.exists() and log.stat().st_size > 0


def test_a_good_run_succeeds_and_is_counted(kumo):
    task = make_spider("good")
    run = kumo.until_status(start(task), "succeeded")
    assert (run.exit_code, run.reason, run.survivors) == (0, "exit", 0)
    assert run.queued_at <= run.started_at <= run.finished_at
    task.refresh_from_db()
    assert [each[:2] for each in task.recent] == [[run.pk, "succeeded"]]
    assert RunDay.objects.get().count == 1


def test_a_bad_run_is_tried_again_and_shown_as_one(kumo):
    task = make_spider("bad", retry_count=2, retry_delay=0)
    run = kumo.until_status(start(task), "failed")
    assert list(run.attempts.values_list("number", "status", "exit_code")) == [
        (1, "failed", 3),
        (2, "failed", 3),
        (3, "failed", 3),
    ]
    assert run.events.filter(kind="retry").count() == 2
    assert task.runs.count() == 1


@pytest.mark.parametrize("codes", [[4], [3]])
def test_only_the_chosen_exit_codes_are_tried_again(kumo, codes):
    task = make_spider("bad", retry_count=1, retry_delay=0, retry_exit_codes=codes)
    run = kumo.until_status(start(task), "failed")
    assert run.attempts.count() == (2 if codes == [3] else 1)


def test_a_stopped_run_is_canceled_and_never_tried_again(kumo):
    run = start(make_spider("slow", retry_count=5, retry_delay=0))
    kumo.until(lambda: begun(run))
    request_stop(run)
    kumo.until_status(run, "canceled")
    assert (run.reason, run.attempts.count()) == ("stop", 1)


def test_a_run_that_takes_too_long_times_out(kumo):
    run = kumo.until_status(start(make_spider("slow", timeout=1)), "timed_out")
    assert run.reason == "timeout"


def test_a_silent_run_is_stopped(kumo):
    run = kumo.until_status(start(make_spider("slow", silence_timeout=1)), "timed_out")
    assert run.reason == "silence"


@pytest.mark.fault
def test_what_is_not_there_is_said_and_nothing_else_is_tried(kumo):
    gone = make_spider("good")
    shutil.rmtree(gone.project.current_revision.directory)
    no_python = make_spider("good")
    type(no_python.environment.current_build).objects.filter(
        pk=no_python.environment.current_build_id
    ).update(interpreter="/nowhere/python")
    no_command = make_task(command="no-such-program --now")
    no_revision = make_task(project=make_project(files=None))
    no_workdir = make_spider("good", workdir="elsewhere")
    expected = {
        gone: "no_directory",
        no_python: "no_interpreter",
        no_command: "no_command",
        no_revision: "no_revision",
        no_workdir: "no_workdir",
    }
    runs = {task: start(task) for task in expected}
    for task, run in runs.items():
        kumo.until_status(run, "failed")
        assert (run.reason, run.attempts.get().status) == (expected[task], "start_failed")


@pytest.mark.fault
def test_a_killed_supervisor_loses_its_run_and_leaves_nobody(kumo):
    run = start(make_spider("slow"))
    kumo.until(lambda: begun(run))
    attempt = run.attempts.get()
    spiders = [process.pid for process in psutil.Process(attempt.pid).children(recursive=True)]
    os.kill(attempt.pid, signal.SIGKILL)
    kumo.until_status(run, "lost")
    assert run.reason == "supervisor_gone"
    assert not any(psutil.pid_exists(pid) and is_alive(pid) for pid in spiders)


def is_alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.mark.fault
def test_a_worker_that_dies_before_the_start_costs_only_the_lease(kumo):
    run = start(make_spider("good"))
    (attempt,) = dispatch.claim(kumo.node.pk)
    kumo.keeper.look_at_all()
    assert Attempt.objects.get().status == "assigned"
    past = timezone.now() - timedelta(seconds=1)
    Attempt.objects.update(lease_until=past)
    kumo.until_status(run, "succeeded")
    assert list(run.attempts.values_list("status", "reason")) == [
        ("lost", "never_started"),
        ("succeeded", "exit"),
    ]
    # The worker was only slow: it finds the spool taken and starts nothing.
    starting.start(attempt)
    assert run.attempts.filter(status="succeeded").count() == 1
    assert RunDay.objects.get().count == 1


@pytest.mark.fault
def test_the_lease_of_what_was_never_started_runs_out(kumo):
    run = start(make_spider("good"))
    (attempt,) = dispatch.claim(kumo.node.pk)
    soon = timezone.now() + timedelta(seconds=20)
    Attempt.objects.update(lease_until=soon)
    kumo.keeper.look_at_all()
    attempt.refresh_from_db()
    assert attempt.lease_until == soon
    request_stop(run)
    Attempt.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    kumo.until_status(run, "canceled")


@pytest.mark.fault
def test_a_keeper_started_anew_brings_home_what_ended_meanwhile(kumo):
    run = start(make_spider("good"))
    dispatch.start_what_fits(kumo.node)
    attempt = run.attempts.get()
    deadline = time.monotonic() + PATIENCE
    while not (attempt.spool / "outcome.json").exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    other = Keeper(kumo.node)
    other.look_at_all()
    run.refresh_from_db()
    assert run.status == "succeeded"


@pytest.mark.fault
def test_replace_starts_the_new_run_when_the_old_tree_is_gone(kumo):
    task = make_spider("stubborn", overlap="replace", grace=1)
    old = start(task)
    kumo.until(lambda: begun(old))
    new = start(task)
    kumo.until_status(new, "running")
    old.refresh_from_db()
    assert (old.status, old.reason) == ("canceled", "replaced")
    assert old.finished_at <= new.started_at


def test_a_late_report_changes_nothing_and_is_written_down():
    attempt = make_attempt(make_run(status="canceled"), status="canceled")
    assert not outcomes.finish(attempt, Outcome(status="succeeded", exit_code=0))
    assert Event.objects.get().kind == "late_report"
    assert Run.objects.get().status == "canceled"


def test_failed_runs_in_a_row_pause_the_task_once():
    task = make_task(breaker_limit=2)
    for _number in range(3):
        run = make_run(
            task, status="running", snapshot=dispatch.snapshot(make_run(task))["snapshot"]
        )
        outcomes.finish(make_attempt(run), Outcome(status="failed", reason="exit", exit_code=1))
    task.refresh_from_db()
    assert task.pause_reason == "breaker"
    assert Event.objects.filter(kind="breaker").count() == 1


@pytest.mark.parametrize(
    ("result", "ended", "follows"),
    [
        ("success", "succeeded", True),
        ("success", "failed", False),
        ("failure", "failed", True),
        ("end", "succeeded", True),
        ("end", "canceled", True),
    ],
)
def test_a_task_starts_after_another_ones_run(result, ended, follows):
    first = make_task()
    trigger = make_trigger(kind="after", upstream=first, result=result)
    run = make_run(first, status="running", snapshot=dispatch.snapshot(make_run(first))["snapshot"])
    outcomes.finish(make_attempt(run), Outcome(status=ended, reason="exit", exit_code=0))
    followers = trigger.task.runs.all()
    assert followers.count() == follows
    assert all(follower.upstream_run == run for follower in followers)
    assert not Fire.objects.exists()
