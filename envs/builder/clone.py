"""Makes an environment from a ready one of the same lock, by links instead of an installation."""

import contextlib
import os
import shutil
from pathlib import Path

from envs.builder import place

BYTECODE = "__pycache__"


def source_for(links: Path, lock_hash: str) -> Path | None:
    """Return the directory of a ready build of this lock, or None.

    One whose files are not what its build left is not copied: a spider may have changed it.
    """
    directory = links / lock_hash
    try:
        found = place.read_outcome(directory)
    except (OSError, ValueError):
        return None
    if not found or not found.is_ready or found.lock_hash != lock_hash:
        return None
    return directory.resolve() if size(directory / place.VENV) == found.size_bytes else None


def clone(source: Path, target: Path) -> None:
    """Link the environment `source` to `target`; both are then free of each other.

    What installers do afterwards, replacing files, happens to one of them alone. Raises OSError.
    """
    for folder, folders, files in os.walk(source):
        there = target / os.path.relpath(folder, source)
        there.mkdir(exist_ok=True)
        for name in [*files, *(each for each in folders if os.path.islink(f"{folder}/{each}"))]:
            copy(Path(folder) / name, there / name, source, target)


def copy(file: Path, new: Path, source: Path, target: Path) -> None:
    """Link one file; programs that name their own environment are written anew."""
    if file.is_symlink():
        new.symlink_to(os.readlink(file))
        return
    if file.parent == source / "bin" and (text := renamed(file, source, target)):
        new.write_bytes(text)
        shutil.copymode(file, new)
        return
    os.link(file, new)


def renamed(file: Path, source: Path, target: Path) -> bytes:
    """Return the program with the new place in it, or nothing when it does not say where it is."""
    text = file.read_bytes()
    if os.fsencode(source) not in text or b"\0" in text:
        return b""
    return text.replace(os.fsencode(source), os.fsencode(target))


def publish(directory: Path, links: Path, lock_hash: str) -> None:
    """Let later builds of this lock be made from this one."""
    links.mkdir(parents=True, exist_ok=True)
    new = links / f"{lock_hash}.{directory.name}"
    with contextlib.suppress(FileExistsError):
        new.symlink_to(os.path.relpath(directory, links))
    new.replace(links / lock_hash)


def size(directory: Path) -> int:
    """Return the bytes of the files below, those linked elsewhere too; bytecode does not count."""
    total = 0
    for folder, folders, files in os.walk(directory):
        if BYTECODE in folders:
            folders.remove(BYTECODE)
        total += sum(os.lstat(os.path.join(folder, name)).st_size for name in files)
    return total
