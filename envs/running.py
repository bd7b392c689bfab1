"""What starting a run needs to know of the build it runs in."""

import os

from envs.models import Build


def path_entries(build: Build) -> list[str]:
    """Return the directories that come first in PATH."""
    return [os.path.dirname(build.interpreter)] if build.interpreter else []


def problem(build: Build) -> str | None:
    """Return the reason why nothing can start in this build, or None."""
    path = build.interpreter
    is_there = bool(path) and os.path.isfile(path) and os.access(path, os.X_OK)
    return None if is_there else "no_interpreter"
