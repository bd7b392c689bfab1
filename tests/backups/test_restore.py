"""Restores with the real commands, each in a process of its own, as an administrator would."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

MAKE = """
from tests.factories import make_project, make_run, make_task
from tasks.variables import set_variable
task = make_task(slug="shop", project=make_project(slug="store"))
make_run(task, status="running")
set_variable("TOKEN", "s3cret-value", is_secret=True)
"""
LOOK = """
from tasks.models import Maintenance, Revision, Run, Variable
from tasks.variables.storing import value_of
run = Run.objects.get()
print(run.task_slug, run.status, run.reason, Maintenance.is_on())
print(Revision.objects.get().directory.joinpath("spider.py").is_file())
print(value_of(Variable.objects.get()))
"""


@pytest.fixture
def manage(tmp_path):
    """Run a command on the data directory of this name; return the finished process."""

    def run(home: str, *words: str, **env):
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("KUMO_") and name != "DATABASE_URL"
        }
        return subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=settings.BASE_DIR,
            env=kept | {"KUMO_HOME": str(tmp_path / home)} | env,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run


@pytest.fixture
def backup(manage, tmp_path):
    assert manage("old", "migrate", "-v0").returncode == 0
    made = manage("old", "shell", "-v0", "-c", MAKE)
    assert made.returncode == 0, made.stderr
    done = manage("old", "backup", "--passphrase", KUMO_BACKUP_PASSPHRASE="open sesame")
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[0]


def test_a_backup_comes_back_in_an_empty_home_with_its_secrets(manage, backup):
    assert manage("new", "verifybackup", backup).returncode == 0
    done = manage("new", "restore", backup, KUMO_BACKUP_PASSPHRASE="open sesame")
    assert done.returncode == 0, done.stderr
    seen = manage("new", "shell", "-v0", "-c", LOOK)
    assert seen.stdout.splitlines() == ["shop lost restored True", "True", "s3cret-value"]


def test_nothing_is_restored_over_data_or_with_a_wrong_passphrase(manage, backup, tmp_path):
    refused = manage("old", "restore", backup, KUMO_BACKUP_PASSPHRASE="open sesame")
    assert refused.returncode == 1
    assert "--force" in refused.stderr
    wrong = manage("other", "restore", backup, KUMO_BACKUP_PASSPHRASE="guess")
    assert wrong.returncode == 1
    assert "passphrase" in wrong.stderr
    assert not (tmp_path / "other" / "projects").exists()


def test_force_keeps_what_was_there(manage, backup, tmp_path):
    done = manage("old", "restore", backup, "--force", KUMO_BACKUP_PASSPHRASE="open sesame")
    assert done.returncode == 0, done.stderr
    (kept,) = (tmp_path / "old").glob("before-restore-*")
    assert (kept / "database.sqlite3").is_file()
    assert (kept / "projects" / "store").is_dir()
