"""A week by hours: the darker, the more."""

from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import ngettext

CELL, LEFT, TOP = 17, 44, 14
DEEPEST = 4


def heat(counts: dict, days: list, label: str) -> str:
    """Return the SVG of `counts` ({(weekday, hour): number}) for `days` (dates, one a row)."""
    most = max([*counts.values(), 1])
    hours = format_html_join(
        "",
        '<text x="{}" y="10">{}</text>',
        ((LEFT + hour * CELL, f"{hour:02d}") for hour in range(0, 24, 3)),
    )
    rows = format_html_join(
        "",
        '<text x="0" y="{}">{}</text>{}',
        (
            (TOP + place * CELL + 12, date_format(day, "D j"), row(counts, day, place, most))
            for place, day in enumerate(days)
        ),
    )
    return format_html(
        '<svg class="k-heat" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}</svg>',
        LEFT + 24 * CELL,
        TOP + len(days) * CELL,
        label,
        hours,
        rows,
    )


def row(counts: dict, day, place: int, most: int) -> str:
    return format_html_join(
        "",
        '<rect class="h-{}" x="{}" y="{}" width="{}" height="{}" rx="3"><title>{}</title></rect>',
        (
            (
                depth(count, most),
                LEFT + hour * CELL,
                TOP + place * CELL,
                CELL,
                CELL,
                f"{date_format(day, 'D j')} {hour:02d}:00 · "
                + ngettext("%(count)s run", "%(count)s runs", count) % {"count": count},
            )
            for hour in range(24)
            for count in [counts.get((day.weekday(), hour), 0)]
        ),
    )


def depth(count: int, most: int) -> int:
    return 0 if not count else max(1, round(DEEPEST * count / most))
