"""Makes an environment from a ready one of the same lock, by links instead of an installation."""

import contextlib
import os
from pathlib import Path

from envs.builder import place
from envs.builder.outcome import Outcome

BYTECODE = "__pycache__"


class Changed(Exception):
    """The environment is not what its build left: a spider may have changed it."""


def source_for(links: Path, lock_hash: str) -> tuple[Path, Outcome] | None:
    """Return the directory and the outcome of a ready build of this lock, or None."""
    directory = links / lock_hash
    try:
        found = place.read_outcome(directory)
    except (OSError, ValueError):
        return None
    if not found or not found.is_ready or found.lock_hash != lock_hash:
        return None
    return directory.resolve(), found


def clone(source: Path, target: Path, size_bytes: int) -> None:
    """Link the environment `source`, which had this size, to `target`; both are free of each other.

    What installers do afterwards, replacing files, happens to one of them alone. Raises Changed
    or OSError; `target` is then to be removed.
    """
    if link_all(str(source), str(target)) != size_bytes:
        raise Changed(str(source))
    for name in os.listdir(target / "bin"):
        file = target / "bin" / name
        if not file.is_symlink() and (text := renamed(file, source, target)):
            mode = file.stat().st_mode
            # Never through the link: the other environment has the same file.
            file.unlink()
            file.write_bytes(text)
            file.chmod(mode)


def link_all(source: str, target: str) -> int:
    """Link every file below; return their bytes, without those of bytecode."""
    os.mkdir(target)
    total = 0
    with os.scandir(source) as entries:
        for entry in entries:
            new = f"{target}/{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                below = link_all(entry.path, new)
                total += below if entry.name != BYTECODE else 0
            else:
                os.link(entry.path, new, follow_symlinks=False)
                total += entry.stat(follow_symlinks=False).st_size
    return total


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
        links = [name for name in folders if os.path.islink(os.path.join(folder, name))]
        total += sum(os.lstat(os.path.join(folder, name)).st_size for name in [*files, *links])
    return total
