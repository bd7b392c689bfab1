from datetime import UTC, datetime, timedelta

import pytest

from tasks import pausing, scheduling
from tasks.models import Event, Fire, Maintenance, Run, Trigger
from tests.factories import make_run, make_task, make_trigger

pytestmark = [pytest.mark.django_db, pytest.mark.database]
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def make_due(cron="* * * * *", at=NOON, **task) -> Trigger:
    """Return a trigger that is due at `at`, of a task that takes many runs side by side."""
    fields = {"overlap": "parallel", "max_parallel": 50, "misfire_grace": 30 * 86_400} | task
    return make_trigger(make_task(**fields), cron=cron, next_fire_at=at)


def ledger() -> list[tuple]:
    return list(Fire.objects.order_by("due_at").values_list("decision", "reason", "count"))


def test_a_due_time_gives_one_run_and_one_row():
    trigger = make_due()
    assert scheduling.fire_due(NOON) == NOON + MINUTE
    scheduling.fire_due(NOON)
    run = Run.objects.get()
    assert (run.trigger, run.scheduled_for, run.origin) == (trigger, NOON, "trigger")
    assert ledger() == [("run", "", 1)]
    assert Fire.objects.get().run == run


def test_nothing_fires_before_its_time():
    make_due()
    assert scheduling.fire_due(NOON - MINUTE) == NOON
    assert not Run.objects.exists()


def test_skip_runs_nothing_that_was_missed():
    make_due(misfire="skip")
    scheduling.fire_due(NOON + 3 * HOUR)
    assert ledger() == [("missed", "misfire", 180), ("run", "", 1)]


def test_once_runs_one_for_all_that_was_missed():
    make_due(misfire="once")
    scheduling.fire_due(NOON + 3 * HOUR)
    assert Run.objects.count() == 1
    assert sum(count for _decision, _reason, count in ledger()) == 181


def test_all_runs_the_newest_twenty_of_what_was_missed():
    make_due(misfire="all")
    scheduling.fire_due(NOON + 3 * HOUR + timedelta(seconds=30))
    assert Run.objects.count() == 20
    assert sum(count for _decision, _reason, count in ledger()) == 181


def test_two_days_of_a_minute_cron_are_caught_up_with():
    make_due(misfire="once")
    assert scheduling.fire_due(NOON + timedelta(days=2)) == NOON + timedelta(days=2) + MINUTE
    assert Run.objects.count() == 1
    assert sum(count for _decision, _reason, count in ledger()) == 2881


def test_a_clock_set_back_fires_nothing_twice():
    trigger = make_due()
    scheduling.fire_due(NOON)
    Trigger.objects.filter(pk=trigger.pk).update(next_fire_at=NOON)
    scheduling.fire_due(NOON)
    assert Run.objects.count() == 1
    assert ledger() == [("run", "", 1)]


def test_a_bad_trigger_is_switched_off_and_the_others_fire():
    bad, good = make_due(cron="61 * * * *"), make_due()
    scheduling.fire_due(NOON)
    bad.refresh_from_db()
    assert not bad.is_enabled
    assert "cannot be read" in bad.problem
    assert Event.objects.get().kind == "trigger_off"
    assert Run.objects.get().trigger == good


def test_a_date_fires_once_and_never_again():
    trigger = make_trigger(kind="date", at=NOON, next_fire_at=NOON)
    scheduling.fire_due(NOON)
    trigger.refresh_from_db()
    assert trigger.next_fire_at is None
    assert Run.objects.count() == 1


@pytest.mark.parametrize("reason", ["paused", "disabled", "maintenance"])
def test_a_standstill_is_written_down_and_runs_nothing(reason):
    trigger = make_due()
    if reason == "paused":
        pausing.pause(trigger.task.project)
    elif reason == "disabled":
        type(trigger.task).objects.update(is_enabled=False)
    else:
        Maintenance.begin()
    scheduling.fire_due(NOON)
    assert ledger() == [("skipped", reason, 1)]
    assert not Run.objects.exists()


def test_an_overlap_is_written_down_with_its_run():
    trigger = make_due(overlap="skip")
    make_run(trigger.task, status="running")
    scheduling.fire_due(NOON)
    assert ledger() == [("skipped", "overlap", 1)]
    assert Fire.objects.get().run.status == "skipped"


def test_a_task_that_needs_values_says_so():
    make_due(params=[{"name": "pages", "type": "integer", "required": True}])
    scheduling.fire_due(NOON)
    assert ledger() == [("skipped", "params", 1)]


def test_simulated_days_of_two_clocks_that_crash_miss_nothing_and_double_nothing():
    """Two clocks look at odd times, one of them amid the other's work; the ledger has each once."""
    trigger = make_due(cron="*/7 * * * *", misfire="all")
    now = NOON
    for turn in range(400):
        now += timedelta(seconds=37 + turn % 50)
        stale = Trigger.objects.select_related("task__project").get(pk=trigger.pk)
        scheduling.fire_due(now)
        if stale.next_fire_at <= now:
            # The other clock read the row before, and comes to it only now.
            scheduling.fire(stale, now)
    due = [row.due_at for row in Fire.objects.order_by("due_at")]
    # A step begins anew each hour.
    expected = [at for at in minutes(NOON, now) if at.minute % 7 == 0]
    assert due == expected
    assert sorted(Run.objects.values_list("scheduled_for", flat=True)) == expected


def minutes(start: datetime, end: datetime) -> list[datetime]:
    return [start + each * MINUTE for each in range(int((end - start) / MINUTE) + 1)]
