"""A bar of a share, and a chart of stacked bars by day."""

from django.utils.html import format_html, format_html_join

WIDTH, HEIGHT = 640, 200
LEFT, BOTTOM, TOP = 34, 22, 8


def share(percent: float, label: str, warm: float = 75, hot: float = 90) -> str:
    """Return the SVG of a bar filled to `percent`; `label` says the same in words."""
    tone = "hot" if percent >= hot else "warm" if percent >= warm else ""
    return format_html(
        '<svg class="k-bar" viewBox="0 0 100 6" preserveAspectRatio="none" role="img" '
        'aria-label="{}"><rect class="track" width="100" height="6"/>'
        '<rect class="value {}" width="{}" height="6"/></svg>',
        label,
        tone,
        max(0, min(100, round(percent))),
    )


def stacked(days: list[dict], series: list[str]) -> str:
    """Return the SVG of stacked bars.

    `days` are dicts of `label`, `title`, `url` and `counts` ({series: number}); `series` lists
    from the bottom up.
    """
    top, step = scale(max([sum(day["counts"].values()) for day in days] + [1]))
    plot = HEIGHT - BOTTOM - TOP
    axis = format_html_join(
        "",
        '<line class="axis" x1="{}" x2="{}" y1="{}" y2="{}"/>'
        '<text x="{}" y="{}" text-anchor="end">{}</text>',
        (
            (LEFT, WIDTH, y, y, LEFT - 6, y + 4, value)
            for value in range(0, top + 1, step)
            for y in [round(TOP + plot - plot * value / top, 1)]
        ),
    )
    wide = (WIDTH - LEFT) / max(len(days), 1)
    bars = format_html_join(
        "",
        '<a href="{}">{}<title>{}</title></a><text x="{}" y="{}" text-anchor="middle">{}</text>',
        (
            (
                day["url"],
                column(day["counts"], series, LEFT + place * wide, wide, plot, top),
                day["title"],
                round(LEFT + place * wide + wide / 2, 1),
                HEIGHT - 6,
                day["label"],
            )
            for place, day in enumerate(days)
        ),
    )
    return format_html(
        '<svg class="k-chart" viewBox="0 0 {} {}" role="group">{}{}</svg>',
        WIDTH,
        HEIGHT,
        axis,
        bars,
    )


def column(counts: dict, series: list[str], left: float, wide: float, plot: int, top: int) -> str:
    rows, y = [], float(TOP + plot)
    for name in series:
        if counts.get(name):
            tall = plot * counts[name] / top
            y -= tall
            rows.append((name, left + wide * 0.18, y, wide * 0.64, max(tall - 1, 1)))
    return format_html_join(
        "",
        '<rect class="f-{}" x="{}" y="{}" width="{}" height="{}"/>',
        ((name, *(round(number, 1) for number in numbers)) for name, *numbers in rows),
    )


def scale(most: int) -> tuple[int, int]:
    """Return a round top of the axis and the step of its lines."""
    step = 10 ** (len(str(most)) - 1)
    while most / step < 3 and step > 1:
        step = max(1, step // 2)
    return -(-most // step) * step, step
