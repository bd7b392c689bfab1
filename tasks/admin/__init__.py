"""Pages of projects, tasks, runs and what belongs to them."""

from tasks.admin import fires, groups, projects, retention, runs, tasks, variables

__all__ = ["fires", "groups", "projects", "retention", "runs", "tasks", "variables"]
