from datetime import UTC, datetime, timedelta

from tasks.collisions import collisions
from tasks.triggers import Cron, Interval

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def test_tasks_that_start_together_are_found_and_spread():
    named = [(name, Cron("@daily", "UTC")) for name in "cab"] + [("d", Cron("5 0 * * *", "UTC"))]
    (found,) = collisions(named, NOW, NOW + DAY, 3)
    midnight = datetime(2026, 3, 2, tzinfo=UTC)
    assert (found.at, found.tasks) == (midnight, ["a", "b", "c"])
    assert found.suggestions == [
        ("a", midnight),
        ("b", midnight + timedelta(minutes=2)),
        ("c", midnight + timedelta(minutes=4)),
    ]


def test_a_task_does_not_collide_with_itself():
    named = [("a", Cron("@daily", "UTC")), ("a", Interval(60, NOW))]
    assert collisions(named, NOW, NOW + DAY, 2) == []


def test_the_same_tasks_at_the_same_time_of_day_are_said_once():
    named = [("a", Cron("@daily", "UTC")), ("b", Cron("@daily", "UTC"))]
    assert len(collisions(named, NOW, NOW + 7 * DAY, 2)) == 1


def test_zones_meet_at_the_same_instant_and_the_most_crowded_comes_first():
    named = [
        ("a", Cron("0 8 * * *", "Asia/Shanghai")),
        ("b", Cron("0 0 * * *", "UTC")),
        ("c", Cron("0 0,6 * * *", "UTC")),
        ("d", Cron("0 6 * * *", "UTC")),
    ]
    found = collisions(named, NOW, NOW + DAY, 2)
    assert [(each.at.hour, each.tasks) for each in found] == [(0, ["a", "b", "c"]), (6, ["c", "d"])]
