"""A kept content: its hash, its files, and a bounded look into one of them."""

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tasks.source import names
from tasks.source.errors import BadSource

VIEW_BYTES = 2 * 1024 * 1024


@dataclass(frozen=True)
class File:
    """A file of a content: its path inside, with slashes, and its size in bytes."""

    path: str
    size: int
    is_executable: bool


@dataclass(frozen=True)
class View:
    """What a page shows of a file; `text` is None for a binary one."""

    text: str | None
    size: int
    is_truncated: bool


def files(root: Path) -> list[File]:
    """Return the files below `root`, sorted by path, without byte code."""
    return sorted(_walk(root), key=lambda file: file.path)


def content_hash(root: Path) -> str:
    """Return SHA-256, in hex, of every path, whether it is executable, and every byte."""
    whole = hashlib.sha256()
    for file in files(root):
        with (root / file.path).open("rb") as stream:
            content = hashlib.file_digest(stream, "sha256").hexdigest()
        mode = "x" if file.is_executable else "-"
        whole.update(f"{file.path}\0{mode}\0{content}\n".encode(errors="surrogateescape"))
    return whole.hexdigest()


def view(root: Path, name: str, limit: int = VIEW_BYTES) -> View:
    """Return at most `limit` bytes of a file; raise BadSource("no_file") where there is none.

    `name` may come from anybody: it is checked, and no link is followed.
    """
    path = root / names.check(name)
    try:
        if path.parent.resolve() != root.resolve() / path.parent.relative_to(root):
            raise BadSource("no_file", name)
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except (OSError, ValueError):
        raise BadSource("no_file", name) from None
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise BadSource("no_file", name)
        with os.fdopen(descriptor, "rb", closefd=False) as stream:
            content = stream.read(limit)
    finally:
        os.close(descriptor)
    return View(_text(content), status.st_size, status.st_size > limit)


def _text(content: bytes) -> str | None:
    if b"\0" in content:
        return None
    # A character cut by the limit is not a sign of a binary file.
    for cut in range(min(4, len(content) + 1)):
        try:
            return content[: len(content) - cut].decode()
        except UnicodeDecodeError:
            continue
    try:
        return content.decode("gb18030")
    except UnicodeDecodeError:
        return None


def _walk(root: Path) -> Iterator[File]:
    for folder, folders, found in os.walk(root):
        folders[:] = [name for name in folders if name not in names.LEFT_OUT]
        for name in found:
            path = Path(folder, name)
            status = path.lstat()
            if name not in names.LEFT_OUT and stat.S_ISREG(status.st_mode):
                yield File(
                    path=path.relative_to(root).as_posix(),
                    size=status.st_size,
                    is_executable=bool(status.st_mode & stat.S_IXUSR),
                )
