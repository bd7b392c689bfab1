from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from tasks.models import Attempt, Fire, Retention, Run
from tasks.retention.pruning import prune, verdicts
from tasks.upkeep import Upkeep
from tests.factories import make_admin, make_attempt, make_run, make_task, make_trigger

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def make_old(days: float, status="succeeded", size=0, task=None, **fields) -> Run:
    at = NOW - timedelta(days=days)
    run = make_run(
        task or make_task(), status=status, queued_at=at, started_at=at, finished_at=at, **fields
    )
    attempt = make_attempt(run, status=status, assigned_at=at)
    attempt.spool.mkdir(parents=True)
    (attempt.spool / "log").write_bytes(b"x" * size)
    return run


def rules(**limits) -> None:
    none = dict.fromkeys(
        ("keep_days", "keep_failed_days", "keep_files_days", "keep_runs_per_task", "budget_gb"), 0
    )
    Retention.objects.update_or_create(pk=1, defaults=none | limits)


def test_runs_go_by_age_and_failed_ones_later():
    rules(keep_days=30, keep_failed_days=60)
    make_old(31)
    kept = [make_old(29), make_old(31, "failed"), make_old(31, is_pinned=True)]
    assert prune(NOW) == {("run", "age"): 1}
    assert set(Run.objects.all()) == set(kept)


def test_active_runs_are_never_touched():
    rules(keep_days=1, keep_runs_per_task=1)
    run = make_run(status="running", queued_at=NOW - timedelta(days=99))
    prune(NOW)
    assert Run.objects.get() == run


def test_the_oldest_go_beyond_a_tasks_count():
    rules(keep_runs_per_task=2)
    task = make_task()
    runs = [make_old(9 - age, task=task) for age in range(5)]
    make_old(9)
    assert prune(NOW) == {("run", "count"): 3}
    assert set(task.runs.all()) == set(runs[3:])


def test_files_go_before_their_runs():
    rules(keep_files_days=7)
    run = make_old(8)
    spool = run.attempts.get().spool
    prune(NOW)
    assert not spool.exists()
    assert not spool.parent.exists()
    assert Attempt.objects.get().files_removed_at
    assert prune(NOW) == {}


def test_the_budget_takes_the_oldest_and_successes_first(monkeypatch):
    monkeypatch.setattr("tasks.retention.judging.GB", 60_000)
    rules(budget_gb=1)
    failed, old, new = (
        make_old(9, "failed", 30_000),
        make_old(5, size=30_000),
        make_old(1, size=20_000),
    )
    assert prune(NOW) == {("files", "budget"): 1}
    with_files = Run.objects.filter(attempts__files_removed_at=None)
    assert set(with_files) == {failed, new}
    assert old not in with_files


def test_a_dry_run_says_what_would_go_and_touches_nothing(capsys):
    rules(keep_days=1)
    run = make_old(2)
    call_command("prune", "--dry-run")
    assert f"#{run.pk}  runs older than is kept" in capsys.readouterr().out
    assert Run.objects.exists()
    call_command("prune")
    assert not Run.objects.exists()
    assert verdicts(NOW) == []


def test_the_ledger_goes_by_age():
    rules(keep_fires_days=10)
    trigger = make_trigger()
    for days in (5, 15):
        Fire.objects.create(
            trigger=trigger, task_slug="x", due_at=NOW - timedelta(days=days), decision="run"
        )
    assert prune(NOW) == {("fires", "age"): 1}


def test_the_page_shows_the_space_that_is_taken(client):
    client.force_login(make_admin())
    make_old(1, size=5000)
    page = client.get(reverse("admin:tasks_retention_changelist"), follow=True)
    assert "kB of" in page.content.decode()


def test_upkeep_comes_once_a_day():
    upkeep = Upkeep()
    first = upkeep(NOW)
    assert upkeep(NOW + timedelta(minutes=1)) == first
    assert upkeep(first) == first + timedelta(days=1)


def test_a_run_without_files_says_so(client):
    client.force_login(make_admin())
    rules(keep_files_days=1)
    run = make_old(2)
    prune(NOW)
    page = client.get(reverse("admin:tasks_run_change", args=[run.pk]))
    assert "removed by the retention rules" in page.content.decode()
