from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from runner.logs.writer import LogWriter
from tasks import failures
from tasks.models import Failure
from tests.factories import make_admin, make_attempt, make_run, make_task

pytestmark = pytest.mark.django_db
LOG = b"""Traceback (most recent call last):
  File "spider.py", line 2, in main
ModuleNotFoundError: No module named 'lxml'
"""


def make_failed(task=None, log=LOG, **fields):
    """Return the last attempt of a run that has failed, with its log on disk."""
    fields = {"status": "failed", "reason": "exit", "exit_code": 1} | fields
    run = make_run(task or make_task(), **fields)
    attempt = make_attempt(run, status="failed")
    attempt.spool.mkdir(parents=True)
    writer = LogWriter(attempt.spool, 10**6)
    writer.write(log)
    writer.close()
    return attempt


def this_week(**options):
    today = timezone.now().date()
    return failures.top(today - timedelta(days=6), today, **options)


def test_runs_with_the_same_error_share_a_reason():
    task = make_task(slug="shop")
    for _number in range(3):
        failures.note(make_failed(task))
    failures.note(make_failed(make_task(slug="news")))
    (row,) = this_week()
    assert row["title"] == "ModuleNotFoundError: No module named 'lxml'"
    assert (row["count"], row["tasks"]) == (4, ["news", "shop"])


def test_a_reason_is_counted_once_a_run():
    attempt = make_failed()
    failures.note(attempt)
    assert failures.note(attempt) is None
    assert this_week()[0]["count"] == 1


def test_a_success_has_no_reason():
    assert failures.note(make_attempt(make_run(status="succeeded"), status="succeeded")) is None
    assert not Failure.objects.exists()


@pytest.mark.parametrize(
    ("fields", "title"),
    [
        ({"reason": "exit", "exit_code": 3}, "Exit code 3."),
        ({"reason": "signal", "signal": 9, "exit_code": None}, "possibly because the machine"),
        ({"status": "timed_out", "reason": "timeout"}, "longer than the task's timeout"),
        ({"reason": "no_command", "detail": "scrapi"}, "scrapi was not found"),
    ],
)
def test_a_silent_log_leaves_the_outcome_as_the_reason(fields, title):
    failures.note(make_failed(log=b"", **fields))
    assert title in this_week()[0]["title"]


def test_the_list_is_of_one_project_when_asked():
    attempt = make_failed()
    failures.note(attempt)
    failures.note(make_failed(log=b"ERROR: other\n"))
    (row,) = this_week(project=attempt.run.project_id)
    assert row["title"].startswith("ModuleNotFoundError")


def test_the_dashboard_leads_from_a_reason_to_its_runs(client):
    client.force_login(make_admin())
    attempt = make_failed()
    failures.note(attempt)
    make_failed()
    (row,) = client.get(reverse("admin:index")).context["failures"]
    page = client.get(row["url"])
    assert [run.pk for run in page.context["cl"].result_list] == [attempt.run_id]
