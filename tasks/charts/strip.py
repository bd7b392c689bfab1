"""The last runs as bars: height is duration, colour is status, words are in the title."""

from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from tasks.lengths import length
from tasks.statuses import RunStatus

BAR, GAP, HEIGHT, LEAST = 6, 2, 24, 5
BAD = {RunStatus.FAILED, RunStatus.TIMED_OUT, RunStatus.LOST}


def strip(recent: list, count: int = 20, current: int | None = None) -> str:
    """Return the SVG of the last `count` of `recent` ([run id, status, seconds], oldest first)."""
    shown = recent[-count:]
    longest = max([each[2] or 0 for each in shown] + [1])
    missing = count - len(shown)
    empty = format_html_join(
        "",
        '<rect class="f-none" x="{}" y="{}" width="{}" height="3"/>',
        ((place * (BAR + GAP), HEIGHT - 3, BAR) for place in range(missing)),
    )
    bars = format_html_join(
        "",
        '<g class="{}"><rect class="f-{}" x="{}" y="{}" width="{}" height="{}"/>'
        "<title>{}</title></g>",
        (
            bar(each, place * (BAR + GAP), longest, current)
            for place, each in enumerate(shown, missing)
        ),
    )
    width = count * (BAR + GAP) - GAP
    return format_html(
        '<svg class="k-strip" role="img" aria-label="{}" width="{}" height="{}" '
        'viewBox="0 0 {} {}">'
        "{}{}</svg>",
        sentence(shown),
        width,
        HEIGHT,
        width,
        HEIGHT,
        empty,
        bars,
    )


def bar(each, left: int, longest: float, current: int | None) -> tuple:
    run, status, seconds = each
    height = max(LEAST, round(((seconds or 0) / longest) ** 0.5 * HEIGHT))
    if status in BAD:
        height = HEIGHT
    title = f"#{run} · {RunStatus(status).label} · {length(seconds)}"
    chosen = "current" if run == current else ""
    return chosen, status, left, HEIGHT - height, BAR, height, title


def sentence(shown: list) -> str:
    if not shown:
        return _("No run yet")
    statuses = [each[1] for each in shown]
    return _("Last %(count)s runs: %(good)s succeeded, %(bad)s failed, the newest %(status)s") % {
        "count": len(shown),
        "good": statuses.count(RunStatus.SUCCEEDED),
        "bad": sum(status in BAD for status in statuses),
        "status": RunStatus(statuses[-1]).label,
    }
