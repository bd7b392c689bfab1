"""The timeline: a lane for each task, a bar for each run."""

from datetime import timedelta
from itertools import groupby

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tasks.charts.timeline import timeline
from tasks.models import Run

SPANS = {
    "1h": (gettext_lazy("1 hour"), timedelta(hours=1)),
    "6h": (gettext_lazy("6 hours"), timedelta(hours=6)),
    "24h": (gettext_lazy("24 hours"), timedelta(days=1)),
    "7d": (gettext_lazy("7 days"), timedelta(days=7)),
}
MOST_RUNS, MOST_LANES = 1000, 60


def timeline_view(site, request):
    if not request.user.has_perm("tasks.view_run"):
        raise PermissionDenied
    chosen = request.GET.get("span")
    chosen = chosen if chosen in SPANS else "6h"
    end = timezone.now()
    start = end - SPANS[chosen][1]
    runs = runs_between(start, request.GET.get("task", ""))
    lanes = lanes_of(runs)
    context = site.each_context(request) | {
        "title": _("Timeline"),
        "chart": timeline(lanes, start, end, _("Runs of each task over time")),
        "lanes": lanes,
        "spans": [(key, name, key == chosen) for key, (name, _length) in SPANS.items()],
        "is_cut": len(runs) == MOST_RUNS,
        "zone": timezone.get_current_timezone_name(),
    }
    return TemplateResponse(request, "admin/tasks/timeline.html", context)


def runs_between(start, slug: str) -> list[Run]:
    """Return the newest runs that went on after `start`, of one task when `slug` names it."""
    runs = Run.objects.filter(started_at__isnull=False).filter(
        Q(finished_at__gte=start) | Q(finished_at=None)
    )
    if slug:
        runs = runs.filter(task_slug=slug)
    return list(runs.order_by("-pk")[:MOST_RUNS])


def lanes_of(runs: list[Run]) -> list[tuple[str, list[Run]]]:
    ordered = sorted(runs, key=lambda run: (run.task_slug, run.pk))
    lanes = [(slug, list(each)) for slug, each in groupby(ordered, key=lambda run: run.task_slug)]
    return lanes[:MOST_LANES]
