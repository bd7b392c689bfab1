"""A figure over time as a line over a filled area."""

from collections.abc import Callable

from django.utils.html import format_html, format_html_join

WIDTH, HEIGHT = 640, 140
LEFT, BOTTOM, TOP = 62, 20, 8


def line(
    points: list[tuple[float, float]],
    label: str,
    value_words: Callable[[float], str],
    time_words: Callable[[float], str],
    limit: float = 0,
) -> str:
    """Return the SVG of `points` (seconds, value); `limit` is drawn in when it is not 0."""
    longest = max(points[-1][0], 1)
    top = max([value for _at, value in points] + [limit, 1e-9]) * 1.05

    def across(at: float) -> float:
        return round(LEFT + (WIDTH - LEFT) * at / longest, 1)

    def up(value: float) -> float:
        return round(TOP + (HEIGHT - BOTTOM - TOP) * (1 - value / top), 1)

    drawn = " ".join(f"{across(at)},{up(value)}" for at, value in points)
    floor = up(0)
    axis = format_html_join(
        "",
        '<line class="axis" x1="{}" x2="{}" y1="{}" y2="{}"/>'
        '<text x="{}" y="{}" text-anchor="end">{}</text>',
        (
            (LEFT, WIDTH, up(value), up(value), LEFT - 6, up(value) + 4, value_words(value))
            for value in (0, top / 2, top)
        ),
    )
    times = format_html_join(
        "",
        '<text x="{}" y="{}" text-anchor="{}">{}</text>',
        (
            (across(at), HEIGHT - 4, anchor, time_words(at))
            for at, anchor in ((0, "start"), (longest / 2, "middle"), (longest, "end"))
        ),
    )
    bound = (
        format_html(
            '<line class="limit" x1="{}" x2="{}" y1="{}" y2="{}"/>',
            LEFT,
            WIDTH,
            up(limit),
            up(limit),
        )
        if limit
        else ""
    )
    return format_html(
        '<svg class="k-chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}'
        '<polygon class="area" points="{},{} {} {},{}"/>'
        '<polyline class="line" points="{}"/>{}</svg>',
        WIDTH,
        HEIGHT,
        label,
        axis,
        times,
        across(points[0][0]),
        floor,
        drawn,
        across(points[-1][0]),
        floor,
        drawn,
        bound,
    )
