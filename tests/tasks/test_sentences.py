from datetime import UTC, datetime

import pytest
from django.utils import translation

from tasks.sentences import sentence
from tasks.triggers import Cron, Date, Interval

NOW = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("* * * * *", "Every minute"),
        ("*/15 * * * *", "Every 15 minutes"),
        ("@hourly", "Every hour at minute 0"),
        ("0,30 * * * *", "Every hour at minute 0, 30"),
        ("0 */2 * * *", "Every 2 hours at minute 0"),
        ("30 2 * * 1-5", "At 02:30, Monday to Friday"),
        ("30 2 * * mon-fri", "At 02:30, Monday to Friday"),
        ("0 9,17 * * *", "At 09:00, 17:00"),
        ("0 8-10 * * *", "At 08:00, 09:00, 10:00"),
        ("*/20 9 * * *", "At 09:00, 09:20, 09:40"),
        ("5/20 3 * * *", "At 03:05, 03:25, 03:45"),
        ("*/15 9-17 * * *", "At minutes 0, 15, 30, 45 of hours 9–17"),
        ("* 5 * * *", "At minutes 0–59 of hours 5"),
        ("@weekly", "At 00:00, Sunday"),
        ("0 0 * * 7", "At 00:00, Sunday"),
        ("0 0 * * */2", "At 00:00, Sunday, Tuesday, Thursday, Saturday"),
        ("0 0 * * 5L", "At 00:00, the last Friday of the month"),
        ("0 0 * * 2#1", "At 00:00, Tuesday number 1 of the month"),
        ("0 0 L * *", "At 00:00, on the last day of the month"),
        ("@monthly", "At 00:00, on day 1 of the month"),
        ("0 0 1-7 * *", "At 00:00, on day 1–7 of the month"),
        ("@yearly", "At 00:00, on day 1 of the month, in January"),
        ("0 0 1 */6 *", "At 00:00, on day 1 of the month, in January, July"),
        ("0 0 1 3-5 *", "At 00:00, on day 1 of the month, in March to May"),
    ],
)
def test_a_cron_line_is_said_in_words(line, expected):
    assert sentence(Cron(line, "UTC")) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        # Steps begin anew with every hour and day, so that these are no rhythm.
        ("*/25 * * * *", "Every hour at minute 0, 25, 50"),
        ("*/90 * * * *", "Every hour at minute 0"),
        ("0 */10 * * *", "At 00:00, 10:00, 20:00"),
        # Day and weekday: one is enough, unless a star begins either.
        ("0 0 1,15 * 1", "At 00:00, on day 1, 15 of the month or Monday"),
        ("0 0 */2 * 1", "At 00:00, every 2 days of the month, Monday"),
    ],
)
def test_a_line_that_is_easily_misread_is_said_as_it_fires(line, expected):
    assert sentence(Cron(line, "UTC")) == expected


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (1, "Every second"),
        (10.0, "Every 10 seconds"),
        (1.5, "Every 1.5 seconds"),
        (60, "Every minute"),
        (90, "Every 90 seconds"),
        (7200, "Every 2 hours"),
        (86_400, "Every day"),
    ],
)
def test_an_interval_is_said_in_words(seconds, expected):
    assert sentence(Interval(seconds, NOW)) == expected


def test_a_date_is_said_in_words():
    assert sentence(Date(NOW)) == "Once, on 2026-03-01 12:30:00 UTC"
