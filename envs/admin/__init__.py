"""Pages of environments, their builds and the package indexes."""

from envs.admin import builds, environments, indexes

__all__ = ["builds", "environments", "indexes"]
