"""The files that a spider left in `KUMO_OUTPUT_DIR`."""

import os
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from tasks.lengths import size as size_text
from tasks.models import Attempt

MOST_FILES, MOST_LOOKED_AT = 1000, 20_000
CHUNK = 256 * 1024
TEXT = "text/plain; charset=utf-8"
# What a browser may show of a file; everything else is downloaded.
PREVIEWS = {
    ".txt": TEXT,
    ".log": TEXT,
    ".csv": TEXT,
    ".json": TEXT,
    ".jsonl": TEXT,
    ".jl": TEXT,
    ".md": TEXT,
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
}


class NoSuchFile(Exception):
    """There is no plain file of this name among those that the spider left."""


@dataclass(frozen=True)
class Artifact:
    """A file below the output directory; `name` has slashes, `size` is in bytes."""

    name: str
    size: int
    changed_at: datetime
    preview: str | None

    @property
    def size_text(self) -> str:
        return size_text(self.size)


def directory(attempt: Attempt) -> Path:
    return attempt.spool / "output"


def files(attempt: Attempt) -> list[Artifact]:
    """Return the first thousand plain files, sorted by name; links are left out."""
    return sorted(walk(directory(attempt)), key=lambda file: file.name)


def walk(root: Path) -> Iterator[Artifact]:
    if root.is_symlink():
        return
    looked_at = count = 0
    for folder, folders, names in os.walk(root):
        for name in names:
            found = artifact(root, Path(folder) / name)
            if found:
                yield found
                count += 1
            looked_at += 1
            if count == MOST_FILES or looked_at == MOST_LOOKED_AT:
                return
        looked_at += len(folders)


def artifact(root: Path, path: Path) -> Artifact | None:
    """Return what is known of a plain file; None for another thing, or one that is gone."""
    name = path.relative_to(root).as_posix()
    try:
        found = path.lstat()
        name.encode()
    except (OSError, UnicodeEncodeError):
        return None
    if not stat.S_ISREG(found.st_mode):
        return None
    return Artifact(
        name=name,
        size=found.st_size,
        changed_at=datetime.fromtimestamp(found.st_mtime, UTC),
        preview=PREVIEWS.get(path.suffix.lower()),
    )


def open_file(attempt: Attempt, name: str) -> tuple[BinaryIO, str | None]:
    """Open a file by its name, and say as what a browser may show it; raises NoSuchFile.

    Each part of the name is opened on its own without following links, so that a name never
    leads out of the directory, whatever the spider put there.
    """
    parts = name.split("/")
    if "\x00" in name or any(part in ("", ".", "..") for part in parts):
        raise NoSuchFile(name)
    try:
        # The spider may have put a link in the directory's own place, too.
        folder = os.open(directory(attempt), os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        raise NoSuchFile(name) from None
    try:
        for part in parts[:-1]:
            inner = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)
            os.close(folder)
            folder = inner
        file = os.open(parts[-1], os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    except (OSError, ValueError):
        raise NoSuchFile(name) from None
    finally:
        os.close(folder)
    if not stat.S_ISREG(os.fstat(file).st_mode):
        os.close(file)
        raise NoSuchFile(name)
    return os.fdopen(file, "rb"), PREVIEWS.get(Path(name).suffix.lower())


def pieces(file: BinaryIO) -> Iterator[bytes]:
    """Return what is in an open file, piece by piece, and close it."""
    with file:
        while chunk := file.read(CHUNK):
            yield chunk


class Pieces:
    """A file to write to, whose bytes are taken away piece by piece."""

    def __init__(self):
        self.pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        self.pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def take(self) -> bytes:
        taken, self.pieces = b"".join(self.pieces), []
        return taken


def zipped(attempt: Attempt) -> Iterator[bytes]:
    """Return all files as one zip, made while it is read."""
    made = Pieces()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for artifact in files(attempt):
            try:
                source, _kind = open_file(attempt, artifact.name)
            except NoSuchFile:
                continue
            with source, archive.open(artifact.name, "w", force_zip64=True) as target:
                while chunk := source.read(CHUNK):
                    target.write(chunk)
                    if taken := made.take():
                        yield taken
    yield made.take()
