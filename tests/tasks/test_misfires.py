from datetime import UTC, datetime, timedelta

import pytest

from tasks.misfires import MOST_RUNS, decide

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
GRACE = timedelta(hours=1)


def minutes_ago(*minutes):
    return [NOW - timedelta(minutes=each) for each in minutes]


def told(decisions):
    """Each decision in short: what, minutes ago of first and last, how many."""
    return [
        (
            each.decision,
            (NOW - each.due_at) // timedelta(minutes=1),
            (NOW - each.last_due_at) // timedelta(minutes=1),
            each.count,
        )
        for each in decisions
    ]


@pytest.mark.parametrize("policy", ["once", "skip", "all"])
def test_what_is_on_time_runs(policy):
    due = [NOW - timedelta(seconds=2)]
    assert told(decide(policy, GRACE, due, NOW)) == [("run", 0, 0, 1)]


def test_once_runs_the_newest_for_all():
    assert told(decide("once", GRACE, minutes_ago(30, 20, 10), NOW)) == [
        ("coalesced", 30, 20, 2),
        ("run", 10, 10, 1),
    ]


def test_once_lets_the_one_on_time_stand_for_all():
    assert told(decide("once", GRACE, minutes_ago(20, 10, 0), NOW)) == [
        ("coalesced", 20, 10, 2),
        ("run", 0, 0, 1),
    ]


def test_skip_runs_none_that_is_late():
    assert told(decide("skip", GRACE, minutes_ago(20, 10, 0), NOW)) == [
        ("missed", 20, 10, 2),
        ("run", 0, 0, 1),
    ]


def test_all_runs_the_newest_twenty():
    due = minutes_ago(*range(50, 0, -1))
    decisions = decide("all", GRACE, due, NOW)
    assert told(decisions[:2]) == [("missed", 50, 21, 30), ("run", 20, 20, 1)]
    assert len(decisions) == 1 + MOST_RUNS


@pytest.mark.parametrize("policy", ["once", "skip", "all"])
def test_what_is_older_than_the_grace_is_missed_with_a_reason(policy):
    decisions = decide(policy, GRACE, minutes_ago(180, 120), NOW)
    assert told(decisions) == [("missed", 180, 120, 2)]
    assert decisions[0].reason == "misfire"


def test_nothing_due_is_nothing_decided():
    assert decide("once", GRACE, [], NOW) == []


@pytest.mark.parametrize("policy", ["once", "skip", "all"])
@pytest.mark.parametrize("grace", [timedelta(hours=1), timedelta(days=30)])
def test_two_days_of_minutes_make_few_rows_that_count_every_one(policy, grace):
    due = minutes_ago(*range(2880, 0, -1))
    decisions = decide(policy, grace, due, NOW, passed_over=70)
    assert sum(each.count for each in decisions) == 2880 + 70
    assert len(decisions) <= MOST_RUNS + 2
    assert [each.due_at for each in decisions] == sorted(each.due_at for each in decisions)
