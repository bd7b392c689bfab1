"""How much of the disk attempts take."""

from pathlib import Path

from nodes import home
from tasks.models import Attempt


def size_of(attempt: Attempt) -> int:
    """Return the bytes of an attempt's log and files, as they were reported or as they are."""
    return tree_size(attempt.spool)


def used() -> int:
    """Return the bytes that all attempts take."""
    return tree_size(home.attempts())


def tree_size(root: Path) -> int:
    total = 0
    for path in root.rglob("*"):
        try:
            total += path.lstat().st_blocks * 512
        except OSError:
            continue
    return total
