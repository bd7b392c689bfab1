"""A log as it is at one moment, plain or packed, with its files held open."""

import json
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

from runner.logs.blobs import Blob, FileBlob, GzipBlob, Joined, Part
from runner.logs.pieces import BLOCKS, ERRORS, HEAD, MOMENTS, PACKED, PACKED_INDEX, Piece, pieces
from runner.logs.records import BLOCK, ERROR_LINE, MOMENT, STARTED_AT, THE_END
from runner.logs.stretches import Stretch
from runner.logs.tables import Records

_NOTHING = Joined([])


class Snapshot(NamedTuple):
    """`started_at` is None for a log that has not said it; `packed` is the gzip file, if any."""

    stretches: list[Stretch]
    moments: Records
    errors: Records
    is_complete: bool
    started_at: float | None
    packed: Blob | None = None

    @property
    def size(self) -> int:
        """The bytes printed so far, kept or not."""
        return self.stretches[-1].end if self.stretches else 0

    @property
    def lines(self) -> int:
        return self.stretches[-1].end_line if self.stretches else 0

    @property
    def kept(self) -> int:
        return sum(stretch.end - stretch.offset for stretch in self.stretches)


@contextmanager
def looked_at(directory: Path):
    """Give the log's Snapshot; a directory without a log gives an empty one."""
    with ExitStack() as files:
        yield _opened(directory, files)


def _opened(directory: Path, files: ExitStack) -> Snapshot:
    # A log that is packed, or loses a segment, in this instant is seen whole on the next look.
    for is_last in (False, False, True):
        if packed := _blob(directory / PACKED, files):
            return _packed(directory, packed, files)
        found = pieces(directory)
        if not found:
            break
        opened = [(piece, _blob(directory / piece.name, files)) for piece in found]
        there = [(piece, blob) for piece, blob in opened if blob]
        if there and (is_last or len(there) == len(opened)):
            return _plain(directory, there, files)
    return Snapshot([], Records(_NOTHING, MOMENT), Records(_NOTHING, ERROR_LINE), False, None)


def _blob(path: Path, files: ExitStack, base: int = 0, record: int = 1) -> FileBlob | None:
    """Open a file, whole records of it; None when it is not there."""
    try:
        file = files.enter_context(path.open("rb", buffering=0))
    except FileNotFoundError:
        return None
    blob = FileBlob(file, base)
    blob.size -= blob.size % record
    return blob


def _plain(directory: Path, opened: list[tuple[Piece, Blob]], files: ExitStack) -> Snapshot:
    names = [directory / piece.name for piece, _ in opened]
    moments, is_complete = _moments(names, files)
    errors = _sides(names, ERRORS, ERROR_LINE.size, files)
    return Snapshot(
        list(_stretches(opened, directory, files)),
        Records(moments, MOMENT),
        Records(Joined(errors), ERROR_LINE),
        is_complete,
        _started_at(directory / (HEAD + MOMENTS), files),
    )


def _sides(paths: list[Path], ending: str, record: int, files: ExitStack) -> list[Blob]:
    named = (path.with_name(path.name + ending) for path in paths)
    found = (_blob(path, files, _base(path.name), record) for path in named)
    return [blob for blob in found if blob]


def _base(name: str) -> int:
    return STARTED_AT.size if name == HEAD + MOMENTS else 0


def _moments(paths: list[Path], files: ExitStack) -> tuple[Joined, bool]:
    """The moments of all pieces without the closing one, and whether that was there."""
    blobs = _sides(paths, MOMENTS, MOMENT.size, files)
    if not blobs or not blobs[-1].size:
        return Joined(blobs), False
    last = Records(blobs[-1], MOMENT)
    is_complete = last[last.count - 1][0] == THE_END
    if is_complete:
        blobs[-1].size -= MOMENT.size
    return Joined(blobs), is_complete


def _started_at(path: Path, files: ExitStack) -> float | None:
    blob = _blob(path, files)
    data = blob.read(0, STARTED_AT.size) if blob else b""
    return STARTED_AT.unpack(data)[0] if len(data) == STARTED_AT.size else None


def _stretches(opened: list[tuple[Piece, Blob]], directory: Path, files: ExitStack):
    groups: list[list[tuple[Piece, Blob]]] = []
    end = -1
    for piece, blob in opened:
        if piece.offset != end:
            groups.append([])
        groups[-1].append((piece, blob))
        end = piece.offset + blob.size
    for group in groups:
        paths = [directory / piece.name for piece, _ in group]
        blocks = Joined(_sides(paths, BLOCKS, BLOCK.size, files))
        data = Joined([blob for _, blob in group])
        first = group[0][0]
        yield Stretch(first.offset, first.line, first.mid, data, blocks)


def _packed(directory: Path, packed: Blob, files: ExitStack) -> Snapshot:
    index = _blob(directory / PACKED_INDEX, files)
    header = b""
    while b"\n" not in header:
        header = index.read(0, len(header) + 65536)
    head, _, _ = header.partition(b"\n")
    said = json.loads(head)
    place = len(head) + 1
    parts = {}
    for name, size in said["sections"]:
        parts[name] = Part(index, place, size)
        place += size
    data = GzipBlob(packed, said["starts"], said["places"], said["size"])
    stretches, start, block = [], 0, 0
    for offset, line, mid, size, blocks in said["stretches"]:
        side = Part(parts["blocks"], block, blocks)
        stretches.append(Stretch(offset, line, mid, Part(data, start, size), side))
        start, block = start + size, block + blocks
    moments = GzipBlob(
        parts["moments"], said["moment_starts"], said["moment_places"], said["moments_size"]
    )
    return Snapshot(
        stretches,
        Records(moments, MOMENT),
        Records(parts["errors"], ERROR_LINE),
        True,
        said["started_at"],
        packed,
    )
