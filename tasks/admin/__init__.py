"""Pages of projects, tasks, runs and what belongs to them."""

from tasks.admin import fires, groups, runs, tasks

__all__ = ["fires", "groups", "runs", "tasks"]
