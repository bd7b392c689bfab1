"""Many dispatchers at once, as processes of their own, on the database of the tests (fault 1)."""

import os
import subprocess
import sys
import time

import pytest
from django.conf import settings
from django.db import connection

from tasks.models import Attempt, Run
from tests.factories import make_node, make_run, make_task

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database, pytest.mark.fault]
DISPATCHERS, RUNS, SLOTS = 8, 200, 150
CLAIM = """
import pathlib, sys, time
import django
django.setup()
from tasks.dispatch import claim
node, barrier = int(sys.argv[1]), pathlib.Path(sys.argv[2])
(barrier / f"ready-{sys.argv[3]}").touch()
while not (barrier / "go").exists():
    time.sleep(0.005)
claimed = 0
while attempts := claim(node):
    claimed += len(attempts)
print(claimed)
"""


def database_url() -> str:
    told = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{told['NAME']}"
    return "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**told)


def dispatcher(node, barrier, number: int) -> subprocess.Popen:
    env = os.environ | {
        "DATABASE_URL": database_url(),
        "KUMO_HOME": str(settings.KUMO_HOME),
        "DJANGO_SETTINGS_MODULE": "kumo.settings",
        "PYTHONPATH": str(settings.BASE_DIR),
    }
    return subprocess.Popen(
        [sys.executable, "-c", CLAIM, str(node.pk), str(barrier), str(number)],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_eight_dispatchers_start_each_run_once_and_keep_the_limit(tmp_path, home):
    for file in (home / "keys").iterdir():
        file.chmod(0o600)
    node, task = make_node(slots=SLOTS), make_task(overlap="parallel", max_parallel=RUNS)
    for _number in range(RUNS):
        make_run(task)
    processes = [dispatcher(node, tmp_path, number) for number in range(DISPATCHERS)]
    while len(list(tmp_path.glob("ready-*"))) < DISPATCHERS:
        assert all(process.poll() is None for process in processes)
        time.sleep(0.05)
    (tmp_path / "go").touch()
    told = [process.communicate(timeout=120) for process in processes]
    assert all(process.returncode == 0 for process in processes), told
    assert sum(int(claimed) for claimed, _error in told) == SLOTS
    assert Attempt.objects.count() == SLOTS
    assert Attempt.objects.values("run").distinct().count() == SLOTS
    assert Run.objects.filter(status="queued").count() == RUNS - SLOTS
