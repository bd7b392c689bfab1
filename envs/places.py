"""Where the files of environments are."""

from pathlib import Path

from envs.models import Build
from nodes import home


def directory(build: Build) -> Path:
    """The build's own directory: its log, its outcome and, when ready, its packages."""
    return home.environments() / build.environment.slug / build.key


def cache() -> Path:
    """The installer's cache, on the disk of the environments: what is installed are links to it."""
    return home.environments() / ".cache"


def by_lock() -> Path:
    """Links to a ready build for each lock; no environment can have a name with a dot."""
    return home.environments() / ".by-lock"
