"""Names of files inside a content, checked so that they mean the same on every system."""

import re
import unicodedata
from pathlib import PurePosixPath

from tasks.source.errors import BadSource
from tasks.source.limits import DEFAULT, Limits

DRIVE = re.compile(r"[A-Za-z]:")
# Made by tools, not by people: byte code, version control, what macOS adds to archives.
LEFT_OUT = frozenset({"__pycache__", ".git", "__MACOSX", ".DS_Store"})


def check(name: str, limits: Limits = DEFAULT) -> PurePosixPath:
    """Return `name` as a relative path, or raise BadSource; a trailing slash is allowed."""
    _check_characters(name)
    path = name.removesuffix("/")
    parts = path.split("/")
    if ".." in parts:
        raise BadSource("traversal", name)
    parts = [part for part in parts if part not in ("", ".")]
    if not parts:
        raise BadSource("empty_name", name)
    _check_lengths(name, parts, limits)
    return PurePosixPath(*parts)


def is_left_out(path: PurePosixPath) -> bool:
    return any(part in LEFT_OUT for part in path.parts)


class Tree:
    """The names of one content, seen as a system without case would see them."""

    def __init__(self):
        self._files: dict[str, str] = {}
        self._folders: dict[str, str] = {}

    def add_file(self, path: PurePosixPath) -> None:
        key = fold(str(path))
        if key in self._files:
            raise BadSource("collision", str(path))
        if key in self._folders:
            raise BadSource("file_and_folder", str(path))
        self._files[key] = str(path)
        for parent in path.parents:
            self.add_folder(parent)

    def add_folder(self, path: PurePosixPath) -> None:
        if path == PurePosixPath():
            return
        key = fold(str(path))
        if key in self._files:
            raise BadSource("file_and_folder", str(path))
        if self._folders.setdefault(key, str(path)) != str(path):
            raise BadSource("collision", str(path))


def fold(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _check_characters(name: str) -> None:
    if "\0" in name:
        raise BadSource("nul", name.replace("\0", "\\0"))
    if any(unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") for letter in name):
        raise BadSource("control", ascii(name))
    if "\\" in name:
        raise BadSource("backslash", name)
    if name.startswith("/"):
        raise BadSource("absolute", name)
    if DRIVE.match(name):
        raise BadSource("drive", name)


def _check_lengths(name: str, parts: list[str], limits: Limits) -> None:
    if len(parts) > limits.depth:
        raise BadSource("depth", name)
    if any(len(part.encode()) > limits.name_bytes for part in parts):
        raise BadSource("long_name", name[:80])
    if len("/".join(parts).encode()) > limits.path_bytes:
        raise BadSource("long_name", name[:80])
