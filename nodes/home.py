"""Where things are below the data directory."""

from pathlib import Path

from django.conf import settings


def attempts() -> Path:
    return settings.KUMO_HOME / "attempts"


def environments() -> Path:
    return settings.KUMO_HOME / "envs"


def projects() -> Path:
    return settings.KUMO_HOME / "projects"


def task_directory(slug: str) -> Path:
    """What a task keeps between its runs."""
    return settings.KUMO_HOME / "tasks" / slug


def launcher() -> Path:
    """The socket of this node's launcher."""
    return sockets() / "launcher"


def bell(name: str) -> Path:
    """The socket that wakes a process: `keeper`, `clock` or `worker`."""
    return sockets() / name


def sockets() -> Path:
    directory = settings.KUMO_HOME / "sockets"
    directory.mkdir(mode=0o700, exist_ok=True)
    return directory
