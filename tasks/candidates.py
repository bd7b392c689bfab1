"""The runs that could start next, best first."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q, Subquery

from envs.models import Build
from tasks.models import Run, Task

# Waiting raises the priority by one each ten minutes, so that nothing starves.
AGEING = timedelta(minutes=10)
BY_ITSELF = (Run.Origin.TRIGGER, Run.Origin.CHAIN)


def standing(run: Run, now) -> tuple:
    """Return what runs are sorted by: priority raised by the wait, then age, then id."""
    waited = max(now - run.queued_at, timedelta(0))
    return (-(run.priority + waited / AGEING), run.queued_at, run.pk)


def waiting_runs(now):
    return (
        Run.objects.waiting(now)
        .filter(task=OuterRef("pk"), stop_requested_at=None)
        .exclude(Q(origin__in=BY_ITSELF) & Q(task__paused_at__isnull=False))
        .exclude(Q(origin__in=BY_ITSELF) & Q(task__project__paused_at__isnull=False))
    )


def best_runs(node, now) -> list[Run]:
    """Return the best and the oldest waiting run of each task that `node` may serve, best first."""
    waiting = waiting_runs(now)
    tasks = (
        Task.objects.filter(Exists(waiting))
        .filter(Q(node=None) | Q(node=node))
        .filter(
            Q(environment__current_build__isnull=False) | ~Exists(building(OuterRef("environment")))
        )
        .values_list(
            Subquery(waiting.order_by("-priority", "pk").values("pk")[:1]),
            Subquery(waiting.order_by("pk").values("pk")[:1]),
        )
    )
    found = {pk for pair in tasks for pk in pair}
    runs = Run.objects.filter(pk__in=found).select_related(
        "task__project__current_revision",
        "task__environment__current_build",
        "task__revision",
        "revision",
        "build",
    )
    return sorted(runs, key=lambda run: standing(run, now))


def building(environment):
    """Builds under way of an environment that has none to use yet: its runs wait for them."""
    return Build.objects.filter(environment=environment, status__in=Build.ACTIVE)
