"""Revisions on disk: named by their content, whole or absent, read-only."""

import errno
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tasks.source import tree
from tasks.source.compile import compile_tree

NAME_LENGTH = 16


@contextmanager
def private(root: Path) -> Iterator[Path]:
    """Give a private directory on the disk of the project's directory `root`, gone afterwards."""
    root.mkdir(parents=True, exist_ok=True)
    directory = Path(tempfile.mkdtemp(prefix=".taking-in-", dir=root))
    try:
        yield directory
    finally:
        remove(directory)


def keep(directory: Path, root: Path) -> tuple[str, Path]:
    """Make `directory` a revision below the project's `root`; return its content hash and path.

    It is compiled, made read-only and renamed, so it must lie on the same disk. The same
    content kept twice is one revision.
    """
    content_hash = tree.content_hash(directory)
    target = root / content_hash[:NAME_LENGTH]
    root.mkdir(parents=True, exist_ok=True)
    if not target.is_dir():
        compile_tree(directory)
        _make_read_only(directory)
        _rename(directory, target)
    if directory.is_dir():
        remove(directory)
    # Only now: a directory that nobody may write to cannot be moved, its ".." would change.
    target.chmod(0o555)
    return content_hash, target


def remove(directory: Path) -> None:
    """Remove a directory with its read-only content, whether it is there or not."""
    for folder, _folders, _files in os.walk(directory):
        os.chmod(folder, 0o700)
    shutil.rmtree(directory, ignore_errors=True)


def _rename(directory: Path, target: Path) -> None:
    try:
        os.rename(directory, target)
    except OSError as error:
        # Somebody else kept the same content in this moment.
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
            raise


def _make_read_only(directory: Path) -> None:
    for folder, folders, files in os.walk(directory):
        for name in files:
            path = Path(folder, name)
            is_executable = path.stat().st_mode & stat.S_IXUSR
            path.chmod(0o555 if is_executable else 0o444)
        for name in folders:
            Path(folder, name).chmod(0o555)
