"""Why a run waits: what blocks it, its place, and when it will likely start."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median

from django.db.models import Q
from django.utils import timezone

from envs.models import Build
from nodes.models import Node
from tasks.candidates import BY_ITSELF
from tasks.limits import Load
from tasks.models import ConcurrencyGroup, Maintenance, Run


@dataclass
class Waiting:
    """`reason` is a code, such as retry, maintenance, paused, building, task, node or soon."""

    reason: str
    about: str = ""
    blockers: list[Run] = field(default_factory=list)
    place: int = 1
    expected_at: datetime | None = None


def why(run: Run, now: datetime | None = None) -> Waiting | None:
    """Return why a queued run has not started, or None for one that does not wait."""
    if run.status not in (Run.Status.QUEUED, Run.Status.RETRY_WAIT) or run.task is None:
        return None
    now = now or timezone.now()
    waiting = blocked(run, now)
    waiting.place = place(run)
    waiting.expected_at = waiting.expected_at or expected(waiting.blockers, now)
    return waiting


def blocked(run: Run, now: datetime) -> Waiting:
    task = run.task
    if run.status == Run.Status.RETRY_WAIT and run.next_attempt_at > now:
        return Waiting("retry", expected_at=run.next_attempt_at)
    if Maintenance.is_on():
        return Waiting("maintenance")
    if run.origin in BY_ITSELF and (task.paused_at or task.project.paused_at):
        return Waiting("paused", str(task if task.paused_at else task.project))
    if not task.environment.is_ready and is_building(task.environment):
        return Waiting("building", str(task.environment))
    return blocked_by_limits(run)


def is_building(environment) -> bool:
    return Build.objects.filter(environment=environment, status__in=Build.ACTIVE).exists()


def blocked_by_limits(run: Run) -> Waiting:
    load = Load.now()
    running = Run.objects.filter(status=Run.Status.RUNNING).select_related("task")
    task, project = run.task, run.task.project
    match load.blocked_by(task.pk, task.parallel, project.pk, project.max_parallel):
        case "task", _pk:
            return Waiting("task", str(run.task), [*running.filter(task=run.task)])
        case "project", _pk:
            return Waiting("project", str(run.task.project), [*running.filter(project=run.project)])
        case "group", pk:
            group = ConcurrencyGroup.objects.get(pk=pk)
            return Waiting("group", str(group), [*running.filter(task__groups=group)])
    return blocked_by_nodes(run, load, running)


def blocked_by_nodes(run: Run, load: Load, running) -> Waiting:
    nodes = Node.objects.filter(Q(pk=run.task.node_id) if run.task.node_id else Q())
    open_nodes = [node for node in nodes if node.is_accepting and not node.is_silent()]
    if not open_nodes:
        return Waiting("no_node", str(run.task.node or ""))
    if all(node.is_disk_low for node in open_nodes):
        return Waiting("disk")
    if any(load.nodes[node.pk] < node.slots for node in open_nodes):
        return Waiting("soon")
    return Waiting("node", ", ".join(map(str, open_nodes)), [*running.filter(node__in=open_nodes)])


def place(run: Run) -> int:
    """Return the run's place in the queue, from 1, by priority and age."""
    waiting = Run.objects.waiting(timezone.now())
    before = Q(priority__gt=run.priority) | Q(priority=run.priority, pk__lt=run.pk)
    return 1 + waiting.filter(before).exclude(pk=run.pk).count()


def expected(blockers: list[Run], now: datetime) -> datetime | None:
    """Return when the first of the blockers usually ends, or None when nothing tells."""
    ends = [
        max(now, blocker.started_at + timedelta(seconds=usual))
        for blocker in blockers
        if blocker.task and (usual := usual_duration(blocker.task))
    ]
    return min(ends, default=None)


def usual_duration(task) -> float | None:
    """Return the median seconds of the task's recent successes, or None without any."""
    took = [each[2] for each in task.recent if each[1] == Run.Status.SUCCEEDED and each[2]]
    return median(took) if took else None
