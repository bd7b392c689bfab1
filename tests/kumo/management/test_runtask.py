import json
import threading
import time

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from audit.models import AuditEntry
from tasks.models import Run
from tasks.transitions import change_run
from tests import factories
from tests.api.logs import write_log

pytestmark = pytest.mark.django_db


def test_it_puts_a_run_into_the_queue(capsys):
    task = factories.make_task(params=[{"name": "pages", "type": "integer"}])
    call_command("runtask", task.slug, "--param", "pages=5")
    run = Run.objects.get()
    assert (run.origin, run.params, run.status) == ("command", {"pages": 5}, "queued")
    assert str(run.pk) in capsys.readouterr().out
    assert AuditEntry.objects.first().source == "command"


def test_it_prints_json(capsys):
    task = factories.make_task()
    call_command("runtask", task.slug, "--json")
    shown = json.loads(capsys.readouterr().out)
    assert (shown["task"], shown["status"]) == (task.slug, "queued")


@pytest.mark.parametrize(
    "arguments",
    [
        ["nothing"],
        ["prices", "--param", "pages"],
        ["prices", "--param", "pages=many"],
        ["prices", "--param", "sites=1"],
    ],
)
def test_what_is_wrong_is_refused(arguments):
    factories.make_task(slug="prices", params=[{"name": "pages", "type": "integer"}])
    with pytest.raises(CommandError):
        call_command("runtask", *arguments)
    assert not Run.objects.exists()


def test_a_skipped_run_is_no_success(capsys):
    task = factories.make_run(status="running").task
    with pytest.raises(SystemExit) as left:
        call_command("runtask", task.slug, "--wait")
    assert left.value.code == 1


def end_the_run(status):
    """Do what worker, supervisor and keeper do, as soon as there is a run."""
    deadline = time.monotonic() + 60
    while not (run := Run.objects.filter(status="queued").first()):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    change_run(run.pk, "running", started_at=run.queued_at)
    attempt = factories.make_attempt(run)
    write_log(attempt.spool, ["first", "last 行"])
    change_run(run.pk, status, reason="exit", exit_code=int(status != "succeeded"))
    connection.close()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("status", ["succeeded", "failed"])
def test_it_follows_the_log_and_exits_as_the_run_ended(capsys, status):
    task = factories.make_task()
    ending = threading.Thread(target=end_the_run, args=(status,))
    ending.start()
    try:
        call_command("runtask", task.slug, "--follow")
        code = 0
    except SystemExit as left:
        code = left.code
    finally:
        ending.join(60)
    assert code == (0 if status == "succeeded" else 1)
    assert "first\nlast 行\n" in capsys.readouterr().out
