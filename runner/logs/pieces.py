"""The files of a log in its directory: the head, the segments after it, and their side files."""

import os
import re
from pathlib import Path
from typing import NamedTuple

HEAD = "log"
PACKED = "log.gz"
PACKED_INDEX = "log.pack"
BLOCKS, MOMENTS, ERRORS = ".idx", ".ts", ".err"
SIDES = (BLOCKS, MOMENTS, ERRORS)
_SEGMENT = re.compile(r"log\.(\d{16})-(\d{16})(-mid)?\Z")


class Piece(NamedTuple):
    """One file of the log's bytes: the place and the line number of its first byte."""

    name: str
    offset: int = 0
    line: int = 0
    mid: bool = False  # the line began in the piece before


def segment(offset: int, line: int, mid: bool) -> Piece:
    return Piece(f"log.{offset:016}-{line:016}{'-mid' if mid else ''}", offset, line, mid)


def pieces(directory: Path) -> list[Piece]:
    """The log's plain pieces, in order; an empty list when there are none."""
    names = os.listdir(directory) if directory.is_dir() else []
    head = [Piece(HEAD)] if HEAD in names else []
    segments = [match for name in sorted(names) if (match := _SEGMENT.match(name))]
    return head + [Piece(m[0], int(m[1]), int(m[2]), bool(m[3])) for m in segments]


def remove(directory: Path, piece: Piece) -> None:
    """Remove a piece: its bytes first, so that no reader finds them without their side files."""
    for ending in ("", *SIDES):
        (directory / (piece.name + ending)).unlink(missing_ok=True)
