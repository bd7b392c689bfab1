"""Figures for Prometheus, behind a token or a signed-in user."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Sum
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

from audit.models import ApiToken
from nodes.models import Node
from tasks.models import Run, RunDay, Trigger

TEXT = "text/plain; version=0.0.4; charset=utf-8"


class Figures:
    """Reads the tables when Prometheus asks; a process keeps nothing between two questions."""

    def collect(self):
        yield from (active_runs(), ended_runs(), overdue_triggers())
        yield from node_figures()


def active_runs() -> GaugeMetricFamily:
    family = GaugeMetricFamily("kumo_runs_active", "Runs that have not ended.", labels=["status"])
    rows = Run.objects.active().order_by().values_list("status").annotate(Count("pk"))
    for status, count in rows:
        family.add_metric([status], count)
    return family


def ended_runs() -> CounterMetricFamily:
    family = CounterMetricFamily("kumo_runs_ended", "Runs that have ended.", labels=["status"])
    rows = RunDay.objects.order_by().values_list("status").annotate(Sum("count"))
    for status, count in rows:
        family.add_metric([status], count)
    return family


def overdue_triggers() -> GaugeMetricFamily:
    late = Trigger.objects.due(timezone.now()).count()
    return GaugeMetricFamily("kumo_triggers_overdue", "Triggers that should have fired.", late)


def node_figures():
    names = {
        "slots": "Runs that may run at once.",
        "up": "Whether the node's keeper was heard of lately.",
        "cpu_percent": "Processor use.",
        "memory_bytes": "Memory in use.",
        "disk_bytes": "Disk in use.",
    }
    families = {
        name: GaugeMetricFamily(f"kumo_node_{name}", text, labels=["node"])
        for name, text in names.items()
    }
    for node in Node.objects.all():
        told = {"slots": node.slots, "up": not node.is_silent(), **node.figures}
        for name, family in families.items():
            if name in told:
                family.add_metric([node.slug], told[name])
    return families.values()


def asker(request):
    """Return the user whose token or session asks, or somebody anonymous."""
    scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        token = ApiToken.objects.find(text.strip())
        return token.user if token else AnonymousUser()
    return request.user


@never_cache
@require_safe
def metrics(request):
    if not asker(request).has_perm("tasks.view_run"):
        return HttpResponse("A token is needed.\n", "text/plain", 401)
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Figures())
    return HttpResponse(generate_latest(registry), TEXT)
