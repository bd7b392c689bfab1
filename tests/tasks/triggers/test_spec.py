from datetime import UTC, datetime

import pytest

from tasks.triggers import BadTrigger, Cron, Date, Interval

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "line",
    [
        "30 2 * * *",
        " 30  2 * * * ",
        "*/5 0-23/2 1,15 jan-jun mon-fri",
        "0 0 * * 7",
        "0 0 L * *",
        "0 0 LW * *",
        "0 0 * * 5L",
        "0 0 * * 2#1",
        "@hourly",
        "@Daily",
        "@midnight",
        "@weekly",
        "@monthly",
        "@yearly",
        "@annually",
        "0 0 29 2 *",
    ],
)
def test_it_reads_what_cron_reads(line):
    assert Cron(line, "UTC").line.count(" ") == 4


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("* * * *", "fields"),
        ("0 * * * * *", "fields"),
        ("@reboot", "fields"),
        ("60 * * * *", "syntax"),
        ("* 24 * * *", "syntax"),
        ("* * 0 * *", "syntax"),
        ("* * * 13 *", "syntax"),
        ("* * * * 8", "syntax"),
        ("*/0 * * * *", "syntax"),
        ("5-1 * * * *", "syntax"),
        ("a * * * *", "syntax"),
        ("²L * * * *", "syntax"),
        ("0 0 * * 5L/2", "syntax"),
        ("9" * 5000 + " * * * *", "syntax"),
        ("0 0 30 2 *", "syntax"),
        ("0 0 31 4,6,9,11 *", "syntax"),
        ("0 0 1 2 */7#5", "syntax"),
    ],
)
def test_it_refuses_a_line_at_its_field(line, code):
    with pytest.raises(BadTrigger) as caught:
        Cron(line, "UTC")
    assert (caught.value.field, caught.value.code) == ("cron", code)
    assert str(caught.value)


@pytest.mark.parametrize("zone", ["", "Mars/Base", "America", "../etc/passwd", "a\0b", "x" * 5000])
def test_it_refuses_a_zone_that_is_not_one(zone):
    with pytest.raises(BadTrigger) as caught:
        Cron("0 0 * * *", zone)
    assert (caught.value.field, caught.value.code) == ("time_zone", "zone")


@pytest.mark.parametrize("every", [None, 0, 0.5, -60, float("nan"), float("inf"), 1e12])
def test_it_refuses_a_length_that_is_none(every):
    with pytest.raises(BadTrigger) as caught:
        Interval(every, NOW)
    assert (caught.value.field, caught.value.code) == ("every", "every")


def test_it_refuses_a_date_without_a_time():
    with pytest.raises(BadTrigger) as caught:
        Date(None)
    assert (caught.value.field, caught.value.code) == ("at", "no_time")
