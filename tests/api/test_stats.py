from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from tasks import failures
from tasks.models import RunDay
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon(time_machine):
    """No day ends while these tests count by day."""
    time_machine.move_to(datetime(2026, 6, 15, 12, tzinfo=UTC), tick=False)


def ended(task, status, days_ago=0, **fields):
    at = timezone.now() - timedelta(days=days_ago)
    run = factories.make_run(task, status=status, queued_at=at, finished_at=at, **fields)
    RunDay.add(run)
    attempt = factories.make_attempt(run, status=status)
    attempt.spool.mkdir(parents=True)
    failures.note(attempt)
    return run


def test_ended_runs_are_counted_by_status_day_and_reason(admin_calls):
    task, other = factories.make_task(), factories.make_task()
    ended(task, "succeeded", 1)
    ended(task, "succeeded")
    ended(task, "failed", reason="exit", exit_code=2)
    ended(other, "failed", reason="exit", exit_code=2)
    ended(other, "timed_out", reason="timeout")
    ended(other, "failed", 30, reason="exit", exit_code=9)
    found = admin_calls.get("/stats").json()
    assert found["counts"] == {"succeeded": 2, "failed": 2, "timed_out": 1}
    assert found["success_rate"] == 0.4
    assert len(found["daily"]) == 7
    assert [found["daily"][-1][name] for name in ("succeeded", "failed")] == [1, 3]
    assert [found["daily"][-2][name] for name in ("succeeded", "failed")] == [1, 0]
    reasons = found["failure_reasons"]
    assert [reason["count"] for reason in reasons] == [2, 1]
    assert reasons[0]["tasks"] == sorted([task.slug, other.slug])
    assert "2" in reasons[0]["title"]
    assert reasons[0]["fingerprint"] != reasons[1]["fingerprint"]


def test_one_project_is_counted_alone(admin_calls):
    task = factories.make_task()
    ended(task, "succeeded")
    ended(factories.make_task(), "lost", reason="node_lost")
    found = admin_calls.get("/stats", project=task.project.slug).json()
    assert (found["counts"], found["success_rate"]) == ({"succeeded": 1}, 1.0)
    assert found["failure_reasons"] == []


def test_without_runs_there_is_no_rate(admin_calls):
    found = admin_calls.get("/stats", project="nothing").json()
    assert (found["counts"], found["success_rate"]) == ({}, None)


def test_the_days_may_be_chosen(admin_calls):
    query = {"since": "2026-01-01T00:00:00Z", "until": "2026-01-31T12:00:00+08:00"}
    days = admin_calls.get("/stats", **query).json()["daily"]
    assert (days[0]["day"], days[-1]["day"], len(days)) == ("2026-01-01", "2026-01-31", 31)


@pytest.mark.parametrize(
    "query",
    [
        {"since": "x"},
        {"since": "2026-02-01T00:00:00Z", "until": "2026-01-01T00:00:00Z"},
        {"since": "2000-01-01T00:00:00Z"},
    ],
)
def test_a_wrong_span_is_refused(admin_calls, query):
    answer = admin_calls.get("/stats", **query)
    assert (answer.status_code, set(answer.json()["errors"])) == (422, {"since"})
