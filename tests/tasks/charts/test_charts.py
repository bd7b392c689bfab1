from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree

import pytest

from tasks.charts.bars import scale, share, stacked
from tasks.charts.heat import heat
from tasks.charts.strip import strip
from tasks.charts.timeline import marks, timeline

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


def titles(svg: str) -> list[str]:
    return [each.text for each in ElementTree.fromstring(svg).iter("title")]


def test_a_strip_has_a_bar_for_each_run_and_says_it_in_words():
    svg = strip([[1, "succeeded", 2.0], [2, "failed", 0.5]], 20)
    assert titles(svg) == ["#1 · succeeded · 2.0 s", "#2 · failed · 0.5 s"]
    assert svg.count("<rect") == 20
    assert "1 succeeded, 1 failed, the newest failed" in svg


def test_an_empty_strip_says_so():
    assert "No run yet" in strip([])


@pytest.mark.parametrize(("percent", "width"), [(-5, 0), (50, 50), (250, 100)])
def test_a_bar_stays_within_its_track(percent, width):
    assert f'width="{width}" height="6"></rect>'.replace("></rect>", "/>") in share(percent, "x")


@pytest.mark.parametrize("most", [1, 2, 3, 9, 10, 99, 12_345])
def test_the_axis_reaches_beyond_the_highest_bar_in_few_steps(most):
    top, step = scale(most)
    assert top >= most
    assert top % step == 0
    assert top // step <= 12


def test_stacked_bars_escape_what_they_are_given():
    day = {"label": "<b>", "title": "a & b", "url": "/?a=1&b=2", "counts": {"failed": 2}}
    svg = stacked([day], ["succeeded", "failed"])
    assert titles(svg) == ["a & b"]
    assert "<b>" not in svg


def test_a_week_has_a_cell_for_each_hour():
    days = [date(2026, 11, 23) + timedelta(days=each) for each in range(7)]
    svg = heat({(0, 3): 4, (6, 23): 1}, days, "week")
    assert len(titles(svg)) == 7 * 24
    assert "Mon 23 03:00 · 4 runs" in titles(svg)


@pytest.mark.django_db
def test_a_timeline_has_a_lane_for_each_task():
    from tests.factories import make_run

    run = make_run(status="running", started_at=NOW - timedelta(minutes=30))
    svg = timeline([("shop", [run])], NOW - timedelta(hours=1), NOW, "runs")
    assert len(titles(svg)) == 1
    assert 'class="lane"' in svg


@pytest.mark.parametrize("hours", [1, 6, 24, 168])
def test_a_timeline_has_about_ten_round_marks(hours):
    found = marks(NOW - timedelta(hours=hours), NOW)
    assert 4 <= len(found) <= 13
