"""What breaks while spiders run, and what Kumo makes of it."""

import os
import signal
import time

import psutil
import pytest

from tests.installation import is_alive, wait_for

pytestmark = pytest.mark.fault
PATIENT = {"spider.py": "import time\nprint('began', flush=True)\ntime.sleep({})\nprint('done')\n"}
DAEMON = """
import os, sys, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        print("daemon", os.getpid(), flush=True)
        time.sleep(600)
    os._exit(0)
os.wait()
time.sleep(600)
"""


def sleeping(seconds: float) -> dict[str, str]:
    return {name: text.format(seconds) for name, text in PATIENT.items()}


def attempt_pid(installation, run_id: int) -> int:
    """Return the supervisor of the run's first attempt."""
    code = f"from tasks.models import Attempt; print(Attempt.objects.get(run={run_id}).pid)"
    return int(wait_for(lambda: installation.run_code(code).replace("None", "")))


def test_a_run_that_was_claimed_and_never_started_is_started_once(installation):
    """The worker died between the claim and the start; its lease is over."""
    installation.make_task("claimed", {"spider.py": "print('hello')"}, "python spider.py")
    worker = installation.members()["worker"]
    cluster = [worker, *worker.children(recursive=True)]
    for each in cluster:
        each.suspend()
    run = installation.start_run("claimed")
    installation.run_code(
        "from datetime import timedelta; from django.utils import timezone\n"
        "from nodes.local import local_node; from tasks import dispatch\n"
        "from tasks.models import Attempt\n"
        "[attempt] = dispatch.claim(local_node().pk)\n"
        "Attempt.objects.filter(pk=attempt.pk).update(lease_until=timezone.now())"
    )
    for each in cluster:
        each.resume()
    ended = installation.wait_for_run(run, "succeeded")
    assert [each["reason"] for each in ended["attempts"]] == ["never_started", "exit"]


def test_the_next_run_starts_although_every_idle_worker_was_killed(installation):
    installation.make_task("quick", {"spider.py": "print('hello')"}, "python spider.py")
    installation.wait_for_run(installation.start_run("quick"), "succeeded")
    cluster = installation.members()["worker"]
    before = cluster.children(recursive=True)
    sentinel = cluster.children()[0]
    for worker in sentinel.children():
        worker.kill()
    run = installation.start_run("quick")
    installation.wait_for_run(run, "succeeded")
    wait_for(lambda: not any(map(is_alive, before)))


def test_a_run_whose_supervisor_was_killed_is_lost_and_leaves_nobody(installation):
    installation.make_task("daemon", {"spider.py": DAEMON}, "python spider.py")
    run = installation.start_run("daemon")
    line = wait_for(lambda: [each for each in installation.lines(run) if "daemon" in each])
    daemon = psutil.Process(int(line[0].split()[1]))
    os.kill(attempt_pid(installation, run), signal.SIGKILL)
    ended = installation.wait_for_run(run)
    assert (ended["status"], ended["reason"]) == ("lost", "supervisor_gone")
    assert ended["survivors"] == 0
    wait_for(lambda: not is_alive(daemon))


def test_a_platform_that_was_frozen_loses_no_run(installation):
    """As after ten minutes of it: heartbeat and leases are that old when it goes on."""
    installation.make_task("patient", sleeping(8), "python spider.py")
    run = installation.start_run("patient")
    wait_for(lambda: installation.lines(run))
    members = installation.platform()
    for each in members:
        each.suspend()
    installation.run_code(
        "from datetime import timedelta; from django.utils import timezone\n"
        "from nodes.models import Node; from tasks.models import Attempt\n"
        "then = timezone.now() - timedelta(minutes=10)\n"
        "Node.objects.update(beat_at=then); Attempt.objects.update(lease_until=then)"
    )
    for each in members:
        each.resume()
    assert installation.wait_for_run(run)["status"] == "succeeded"


def test_spiders_outlive_a_restart_and_are_adopted(installation):
    installation.make_task(
        "twenty", sleeping(20), "python spider.py", overlap="parallel", max_parallel=20
    )
    runs = [installation.start_run("twenty") for _number in range(20)]
    for run in runs:
        wait_for(lambda run=run: installation.lines(run), installation.last_words)
    began = time.monotonic()
    assert installation.stop() == 0
    assert time.monotonic() - began < 30
    installation.start()
    ended = [installation.wait_for_run(run) for run in runs]
    assert {each["status"] for each in ended} == {"succeeded"}
    assert {len(each["attempts"]) for each in ended} == {1}
    assert "done" in installation.lines(runs[-1])


def test_a_stop_asked_for_while_the_keeper_was_down_is_carried_when_it_is_back(installation):
    installation.make_task("patient", sleeping(600), "python spider.py")
    run = installation.start_run("patient")
    wait_for(lambda: installation.lines(run))
    installation.members()["keeper"].kill()
    installation.ask("POST", f"/runs/{run}/cancel")
    ended = installation.wait_for_run(run)
    assert (ended["status"], ended["survivors"]) == ("canceled", 0)
