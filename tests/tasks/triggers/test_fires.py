from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.triggers import BadTrigger, Cron, Date, Interval, check, fires, fires_between, next_fire

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
NEW_YORK = ZoneInfo("America/New_York")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

LINES = ["30 2 * * *", "*/15 * * * *", "@hourly", "0 0 L * *", "30 1 * * 0", "*/20 1-3 * * *"]
ZONES = ["America/New_York", "Australia/Lord_Howe", "America/Santiago", "Asia/Shanghai"]
moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))
jitters = st.sampled_from([0, 30, 7200])
seeds = st.integers(0, 1000)
specs = st.one_of(
    st.builds(Cron, st.sampled_from(LINES), st.sampled_from(ZONES), jitter=jitters, seed=seeds),
    st.builds(Interval, st.floats(60, 90_000), moments, jitter=jitters, seed=seeds),
)
steadily = settings(max_examples=60, deadline=None, derandomize=True, database=None)


@steadily
@given(specs, moments)
def test_each_fire_is_later_than_the_one_before(spec, after):
    found = fires(spec, after, 12)
    assert after < found[0]
    assert all(early < late for early, late in pairwise(found))


@steadily
@given(specs, moments, st.integers(0, 11), st.floats(0, 0.999))
def test_a_restart_changes_nothing(spec, after, place, part):
    found = fires(spec, after, 13)
    # Between one fire and the next, or at the very moment of one.
    restarted = found[place] + part * (found[place + 1] - found[place])
    assert next_fire(spec, restarted) == next(at for at in found if at > restarted)


@steadily
@given(specs, moments)
def test_the_fires_between_two_times_are_the_next_ones(spec, start):
    found = fires(spec, start, 6)
    assert fires_between(spec, start, found[-1], 100) == found
    assert fires_between(spec, start, found[-1], 4) == found[:4]
    assert fires_between(spec, start, found[0] - timedelta(microseconds=1), 100) == []


def test_an_interval_follows_elapsed_time_and_does_not_drift():
    spec = Interval(3600, datetime(2026, 3, 8, 0, 30, tzinfo=NEW_YORK))
    shown = [f"{at.astimezone(NEW_YORK):%H:%M %z}" for at in fires(spec, spec.anchor, 3)]
    assert shown == ["01:30 -0500", "03:30 -0400", "04:30 -0400"]
    assert next_fire(spec, spec.anchor + 1000 * DAY + timedelta(seconds=7)).minute == 30


def test_an_interval_first_fires_one_length_after_its_anchor():
    assert next_fire(Interval(60, NOW), NOW - DAY) == NOW + timedelta(seconds=60)


def test_a_date_fires_once():
    spec = Date(NOW)
    assert next_fire(spec, NOW - HOUR) == NOW
    assert next_fire(spec, NOW) is None


def test_nothing_fires_before_the_start_or_after_the_end():
    spec = Cron("0 * * * *", "UTC", start=NOW, end=NOW + 2 * HOUR)
    assert fires(spec, NOW - DAY, 10) == [NOW, NOW + HOUR, NOW + 2 * HOUR]


def test_jitter_puts_off_by_less_than_it_says_and_differs_between_triggers():
    lengths = []
    for seed in (1, 2):
        found = fires(Cron("0 * * * *", "UTC", jitter=600, seed=seed), NOW, 20)
        lengths.append([at - at.replace(minute=0, second=0, microsecond=0) for at in found])
        assert all(length < timedelta(seconds=600) for length in lengths[-1])
        assert len(set(lengths[-1])) > 1
    assert lengths[0] != lengths[1]


@pytest.mark.parametrize(
    ("spec", "field", "code"),
    [
        (Date(NOW), "at", "past"),
        (Date(NOW - DAY), "at", "past"),
        (Cron("@daily", "UTC", end=NOW - DAY), "ends_at", "past"),
        (Cron("@daily", "UTC", start=NOW + DAY, end=NOW), "ends_at", "order"),
        (Cron("@yearly", "UTC", end=NOW + DAY), "ends_at", "never"),
        (Interval(7200, NOW, end=NOW + HOUR), "ends_at", "never"),
    ],
)
def test_what_would_never_fire_is_refused_at_its_field(spec, field, code):
    with pytest.raises(BadTrigger) as caught:
        check(spec, NOW)
    assert (caught.value.field, caught.value.code) == (field, code)


@pytest.mark.parametrize(
    "spec", [Date(NOW + HOUR), Cron("@daily", "UTC"), Interval(60, NOW, end=NOW + HOUR)]
)
def test_what_will_fire_is_accepted(spec):
    check(spec, NOW)
