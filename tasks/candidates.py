"""The runs that could start next, best first."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q, Subquery

from envs.models import Build
from tasks.models import Run, Task

# Waiting raises the priority by one each ten minutes, so that nothing starves.
AGEING = timedelta(minutes=10)
BY_ITSELF = (Run.Origin.TRIGGER, Run.Origin.CHAIN)
# As many waiting runs are looked at one by one; of more, the best and the oldest of each task.
LOOKED_AT = 200


class Candidate(NamedTuple):
    """A waiting run, with what limits need to know of its task and its project."""

    run_id: int
    priority: int
    queued_at: datetime
    task_id: int
    overlap: str
    max_parallel: int
    project_id: int
    project_limit: int

    @property
    def parallel(self) -> int:
        """How many runs of its task may run at once."""
        return self.max_parallel if self.overlap == Task.Overlap.PARALLEL else 1

    def standing(self, now: datetime) -> tuple:
        """Return what candidates are sorted by: priority raised by the wait, then age, then id."""
        waited = max(now - self.queued_at, timedelta(0))
        return (-(self.priority + waited / AGEING), self.queued_at, self.run_id)


FIELDS = (
    "pk",
    "priority",
    "queued_at",
    "task_id",
    "task__overlap",
    "task__max_parallel",
    "task__project_id",
    "task__project__max_parallel",
)


def candidates(node, now: datetime) -> list[Candidate]:
    """Return the waiting runs that `node` may serve, best first; see LOOKED_AT for very many."""
    servable = servable_runs(node, now)
    rows = list(servable.order_by("-priority", "pk").values_list(*FIELDS)[: LOOKED_AT + 1])
    if len(rows) > LOOKED_AT:
        rows = servable.filter(pk__in=best_of_tasks(now)).values_list(*FIELDS)
    found = [Candidate(*row) for row in rows]
    return sorted(found, key=lambda each: each.standing(now))


def servable_runs(node, now: datetime):
    paused = Q(task__paused_at__isnull=False) | Q(task__project__paused_at__isnull=False)
    ready = Q(task__environment__current_build__isnull=False)
    return (
        Run.objects.waiting(now)
        .filter(task__isnull=False, stop_requested_at=None)
        .exclude(Q(origin__in=BY_ITSELF) & paused)
        .filter(Q(task__node=None) | Q(task__node=node))
        .filter(ready | ~Exists(building(OuterRef("task__environment"))))
    )


def building(environment):
    """Builds under way of an environment that has none to use yet: its runs wait for them."""
    return Build.objects.filter(environment=environment, status__in=Build.ACTIVE)


def best_of_tasks(now: datetime) -> set[int]:
    """Return the ids of the best and of the oldest waiting run of each task."""
    waiting = Run.objects.waiting(now).filter(task=OuterRef("pk"), stop_requested_at=None)
    pairs = Task.objects.filter(Exists(waiting)).values_list(
        Subquery(waiting.order_by("-priority", "pk").values("pk")[:1]),
        Subquery(waiting.order_by("pk").values("pk")[:1]),
    )
    return {pk for pair in pairs for pk in pair}
