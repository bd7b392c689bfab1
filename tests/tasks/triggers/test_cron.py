"""Golden tables, and the rule of cron(8) told a second time, minute by minute."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from cronsim import CronSim

from tasks.triggers import Cron, fires, fires_between, note

NEW_YORK, BERLIN = "America/New_York", "Europe/Berlin"
LORD_HOWE, SANTIAGO, SHANGHAI = "Australia/Lord_Howe", "America/Santiago", "Asia/Shanghai"
MINUTE = timedelta(minutes=1)

GOLDEN = [
    # Spring in New York: 02:00 is followed by 03:00.
    (NEW_YORK, "30 2 * * *", "03-07T12:00-05:00", "03-08T03:00-04:00 03-09T02:30-04:00"),
    (NEW_YORK, "0,30 2 * * *", "03-07T12:00-05:00", "03-08T03:00-04:00 03-09T02:00-04:00"),
    (NEW_YORK, "0 3 * * *", "03-07T12:00-05:00", "03-08T03:00-04:00 03-09T03:00-04:00"),
    (NEW_YORK, "30 2 * * *", "03-08T03:00-04:00", "03-09T02:30-04:00"),
    (NEW_YORK, "*/30 * * * *", "03-08T01:00-05:00", "03-08T01:30-05:00 03-08T03:00-04:00"),
    (NEW_YORK, "*/30 2 * * *", "03-07T12:00-05:00", "03-09T02:00-04:00 03-09T02:30-04:00"),
    (NEW_YORK, "30 */2 * * *", "03-08T00:30-05:00", "03-08T04:30-04:00 03-08T06:30-04:00"),
    # Autumn in New York: 01:00 to 02:00 comes twice.
    (NEW_YORK, "30 1 * * *", "10-31T12:00-04:00", "11-01T01:30-04:00 11-02T01:30-05:00"),
    (NEW_YORK, "30 * * * *", "11-01T00:45-04:00", "11-01T01:30-04:00 11-01T01:30-05:00"),
    (NEW_YORK, "* 1 * * *", "11-01T01:58-04:00", "11-01T01:59-04:00 11-01T01:00-05:00"),
    (NEW_YORK, "@hourly", "11-01T01:00-04:00", "11-01T01:00-05:00 11-01T02:00-05:00"),
    # A restart inside the hour that comes twice.
    (NEW_YORK, "30 1 * * *", "11-01T01:10-04:00", "11-01T01:30-04:00 11-02T01:30-05:00"),
    (NEW_YORK, "30 1 * * *", "11-01T01:40-04:00", "11-02T01:30-05:00"),
    (NEW_YORK, "30 1 * * *", "11-01T01:10-05:00", "11-02T01:30-05:00"),
    (NEW_YORK, "30 * * * *", "11-01T01:10-05:00", "11-01T01:30-05:00 11-01T02:30-05:00"),
    (BERLIN, "30 2 * * *", "03-28T12:00+01:00", "03-29T03:00+02:00 03-30T02:30+02:00"),
    (BERLIN, "@daily", "03-28T12:00+01:00", "03-29T00:00+01:00 03-30T00:00+02:00"),
    (BERLIN, "0 2 * * *", "10-24T12:00+02:00", "10-25T02:00+02:00 10-26T02:00+01:00"),
    (BERLIN, "0 0-23/6 * * *", "10-24T20:00+02:00", "10-25T00:00+02:00 10-25T06:00+01:00"),
    (BERLIN, "15 * * * *", "10-25T02:00+02:00", "10-25T02:15+02:00 10-25T02:15+01:00"),
    # Half an hour only: 02:00 is followed by 02:30, and 01:30 to 02:00 comes twice.
    (LORD_HOWE, "15 2 * * *", "10-03T12:00+10:30", "10-04T02:30+11:00 10-05T02:15+11:00"),
    (LORD_HOWE, "*/15 * * * *", "10-04T01:45+10:30", "10-04T02:30+11:00 10-04T02:45+11:00"),
    (LORD_HOWE, "45 1 * * *", "04-04T12:00+11:00", "04-05T01:45+11:00 04-06T01:45+10:30"),
    (LORD_HOWE, "*/15 * * * *", "04-05T01:45+11:00", "04-05T01:30+10:30 04-05T01:45+10:30"),
    # Midnight itself is left out in spring, and the hour before it comes twice in autumn.
    (SANTIAGO, "@daily", "09-05T12:00-04:00", "09-06T01:00-03:00 09-07T00:00-03:00"),
    (SANTIAGO, "0 * * * *", "09-05T23:00-04:00", "09-06T01:00-03:00 09-06T02:00-03:00"),
    (SANTIAGO, "30 23 * * *", "04-04T12:00-03:00", "04-04T23:30-03:00 04-05T23:30-04:00"),
    (SANTIAGO, "30 * * * *", "04-04T23:00-03:00", "04-04T23:30-03:00 04-04T23:30-04:00"),
    (SHANGHAI, "30 2 * * *", "03-08T00:00+08:00", "03-08T02:30+08:00 03-09T02:30+08:00"),
    (SHANGHAI, "0 9 * * mon-fri", "03-06T10:00+08:00", "03-09T09:00+08:00 03-10T09:00+08:00"),
    # No daylight saving: what the fields mean.
    ("UTC", "0 0 L * *", "02-01T00:00+00:00", "02-28T00:00+00:00 03-31T00:00+00:00"),
    ("UTC", "0 0 * * 0", "03-02T00:00+00:00", "03-08T00:00+00:00 03-15T00:00+00:00"),
    ("UTC", "0 0 * * 7", "03-02T00:00+00:00", "03-08T00:00+00:00 03-15T00:00+00:00"),
    ("UTC", "0 0 * * 5L", "03-01T00:00+00:00", "03-27T00:00+00:00 04-24T00:00+00:00"),
    ("UTC", "0 0 13 * 5", "01-10T00:00+00:00", "01-13T00:00+00:00 01-16T00:00+00:00"),
    ("UTC", "0 0 */2 * 1", "03-01T00:00+00:00", "03-09T00:00+00:00 03-23T00:00+00:00"),
    ("UTC", "*/90 * * * *", "03-01T00:00+00:00", "03-01T01:00+00:00 03-01T02:00+00:00"),
]


def of_2026(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}")


@pytest.mark.parametrize(("zone", "line", "after", "expected"), GOLDEN)
def test_it_fires_as_cron_does(zone, line, after, expected):
    expected = [of_2026(each) for each in expected.split()]
    found = fires(Cron(line, zone), of_2026(after), len(expected))
    assert found == expected
    assert {at.tzinfo for at in found} == {UTC}


@pytest.mark.parametrize(
    ("zone", "line", "at", "expected"),
    [
        (NEW_YORK, "30 2 * * *", "03-08T03:00-04:00", "gap"),
        (NEW_YORK, "0 3 * * *", "03-08T03:00-04:00", None),
        (NEW_YORK, "30 2 * * *", "03-09T02:30-04:00", None),
        (NEW_YORK, "*/30 * * * *", "03-08T03:00-04:00", None),
        (NEW_YORK, "30 1 * * *", "11-01T01:30-04:00", "repeated"),
        (NEW_YORK, "30 1 * * *", "11-02T01:30-05:00", None),
        (NEW_YORK, "30 * * * *", "11-01T01:30-04:00", None),
        (LORD_HOWE, "15 2 * * *", "10-04T02:30+11:00", "gap"),
        (LORD_HOWE, "45 1 * * *", "04-05T01:45+11:00", "repeated"),
        (SANTIAGO, "@daily", "09-06T01:00-03:00", "gap"),
        (SHANGHAI, "30 2 * * *", "03-08T02:30+08:00", None),
    ],
)
def test_it_notes_what_daylight_saving_moved(zone, line, at, expected):
    assert note(Cron(line, zone), of_2026(at)) == expected


def by_the_minute(line: str, zone: str, start: datetime, end: datetime) -> list[datetime]:
    """Walk from minute to minute as cron does: what the wall clock jumps over fires at once,
    and what it shows again does not, unless minute or hour is a wildcard.
    """
    minute, hour = line.split()[:2]
    wall = start.astimezone(ZoneInfo(zone)).replace(tzinfo=None) - timedelta(hours=4)
    named = set()
    for each in CronSim(line, wall - MINUTE):
        if each > wall + (end - start) + timedelta(hours=8):
            break
        named.add(each)
    found, at, highest = [], start - timedelta(hours=3), wall
    while at < end:
        at += MINUTE
        shown = at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        if minute[0] == "*" or hour[0] == "*":
            is_due = shown in named
        else:
            fresh = [highest + step * MINUTE for step in range(1, (shown - highest) // MINUTE + 1)]
            is_due = not named.isdisjoint(fresh)
        highest = max(highest, shown)
        if is_due and at > start:
            found.append(at)
    return found


@pytest.mark.parametrize(
    ("zone", "change"),
    [
        (NEW_YORK, "03-08T07:00+00:00"),
        (NEW_YORK, "11-01T06:00+00:00"),
        ("Europe/Dublin", "10-25T01:00+00:00"),
        (LORD_HOWE, "04-04T15:00+00:00"),
        (LORD_HOWE, "10-03T15:30+00:00"),
        (SANTIAGO, "04-05T03:00+00:00"),
        (SANTIAGO, "09-06T04:00+00:00"),
        ("Africa/Casablanca", "02-15T02:00+00:00"),
        ("Africa/Casablanca", "03-22T02:00+00:00"),
        ("Asia/Kathmandu", "03-08T00:00+00:00"),
    ],
)
@pytest.mark.parametrize(
    "line",
    ["30 2 * * *", "0 0 * * *", "59 1 * * *", "15 0-3 * * *", "*/20 2 * * *", "5 * * * *"],
)
def test_it_agrees_with_a_walk_through_every_minute(zone, change, line):
    start, end = (of_2026(change) + timedelta(hours=hours) for hours in (-5, 5))
    spec, expected = Cron(line, zone), by_the_minute(line, zone, start, end)
    assert fires_between(spec, start, end, 1000) == expected
    # Whenever it is asked again, as after a restart, the rest is the same.
    for minutes in range(0, 600, 37):
        after = start + timedelta(minutes=minutes, seconds=11)
        assert fires_between(spec, after, end, 1000) == [at for at in expected if at > after]
