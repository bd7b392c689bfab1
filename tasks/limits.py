"""How much room there is for another run: on nodes, for tasks, projects and groups."""

from collections import Counter
from dataclasses import dataclass, field

from tasks.models import ConcurrencyGroup, Run

RUNNING = Run.Status.RUNNING


@dataclass
class Load:
    """What runs now, counted once, so that many waiting runs can be judged against it."""

    tasks: Counter = field(default_factory=Counter)
    projects: Counter = field(default_factory=Counter)
    nodes: Counter = field(default_factory=Counter)
    groups: Counter = field(default_factory=Counter)
    group_limits: dict = field(default_factory=dict)
    task_groups: dict = field(default_factory=dict)

    @classmethod
    def now(cls) -> "Load":
        load = cls()
        rows = Run.objects.filter(status=RUNNING).values_list("task_id", "project_id", "node_id")
        for task, project, node in rows:
            load.tasks[task] += 1
            load.projects[project] += 1
            load.nodes[node] += 1
        load.count_groups()
        return load

    def count_groups(self) -> None:
        members = ConcurrencyGroup.tasks.through.objects.values_list(
            "task_id", "concurrencygroup_id", "concurrencygroup__max_parallel"
        )
        for task, group, limit in members:
            self.task_groups.setdefault(task, []).append(group)
            self.group_limits[group] = limit
            self.groups[group] += self.tasks[task]

    def add(self, candidate, node) -> None:
        """Count a run that was just assigned to `node`."""
        self.tasks[candidate.task_id] += 1
        self.projects[candidate.project_id] += 1
        self.nodes[node.pk] += 1
        for group in self.task_groups.get(candidate.task_id, ()):
            self.groups[group] += 1

    def blocked_by(
        self, task_id: int, parallel: int, project_id: int, project_limit: int
    ) -> tuple[str, int] | None:
        """Return what leaves no room for a run of the task, and its id; None when there is room."""
        if self.tasks[task_id] >= parallel:
            return "task", task_id
        if project_limit and self.projects[project_id] >= project_limit:
            return "project", project_id
        for group in self.task_groups.get(task_id, ()):
            if self.groups[group] >= self.group_limits[group]:
                return "group", group
        return None
