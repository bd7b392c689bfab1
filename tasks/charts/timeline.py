"""Runs as bars on lanes, one lane a task."""

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join

WIDTH, LANE, LEFT, TOP = 1120, 26, 170, 22
STEPS = (300, 600, 1800, 3600, 7200, 10800, 21600, 43200, 86400)


def timeline(lanes: list[tuple], start: datetime, end: datetime, label: str) -> str:
    """Return the SVG of `lanes`: (name, runs) each, drawn from `start` to `end`."""
    tall = TOP + LANE * len(lanes) + 6
    span = (end - start).total_seconds()

    def across(at: datetime) -> float:
        part = (at - start).total_seconds() / span
        return round(LEFT + (WIDTH - LEFT) * max(0.0, min(1.0, part)), 1)

    axis = format_html_join(
        "",
        '<line class="axis" x1="{}" x2="{}" y1="{}" y2="{}"/>'
        '<text x="{}" y="14" text-anchor="middle">{}</text>',
        (
            (across(at), across(at), TOP, tall, across(at), f"{timezone.localtime(at):%H:%M}")
            for at in marks(start, end)
        ),
    )
    rows = format_html_join(
        "",
        '<text class="lane" x="0" y="{}">{}</text>{}',
        (
            (TOP + LANE * place + 17, name[:24], bars(runs, TOP + LANE * place + 5, across, end))
            for place, (name, runs) in enumerate(lanes)
        ),
    )
    return format_html(
        '<svg class="k-timeline" viewBox="0 0 {} {}" role="group" aria-label="{}">{}{}</svg>',
        WIDTH,
        tall,
        label,
        axis,
        rows,
    )


def bars(runs, top: int, across, end: datetime) -> str:
    return format_html_join(
        "",
        '<a href="{}" aria-label="{}">'
        '<rect class="f-{}" x="{}" y="{}" width="{}" height="{}" rx="2"/>'
        "<title>{}</title></a>",
        (
            (
                reverse("admin:tasks_run_change", args=[run.pk]),
                f"{run} {run.get_status_display()}",
                run.status,
                across(run.started_at),
                top,
                max(3, round(across(run.finished_at or end) - across(run.started_at), 1)),
                LANE - 10,
                f"{run} · {run.get_status_display()} · {clock(run.started_at)}",
            )
            for run in runs
        ),
    )


def marks(start: datetime, end: datetime) -> list[datetime]:
    """Return about ten round times between `start` and `end`."""
    span = (end - start).total_seconds()
    step = next((each for each in STEPS if span / each <= 12), STEPS[-1])
    first = -(-start.timestamp() // step) * step
    count = int((end.timestamp() - first) // step) + 1
    zone = start.tzinfo
    return [
        datetime.fromtimestamp(first, zone) + timedelta(seconds=step * each)
        for each in range(count)
    ]


def clock(at: datetime) -> str:
    return f"{timezone.localtime(at):%H:%M:%S}"
