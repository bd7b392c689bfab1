"""Packs a finished log into a gzip file that opens anywhere and is read from any place."""

import json
import os
import zlib
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

from runner.logs.blobs import Blob
from runner.logs.pieces import PACKED, PACKED_INDEX, pieces, remove
from runner.logs.reader import gap_note
from runner.logs.snapshot import Snapshot, looked_at
from runner.logs.stretches import gaps

MEMBER = 1 << 20
_MOMENTS_A_MEMBER = 12 * 8192


def pack(directory: Path) -> bool:
    """Pack a log that nobody writes any more; return whether it is packed now.

    A crash leaves the old log or the new one whole, and the next call tidies up. An empty log
    stays as it is.
    """
    directory = Path(directory)
    if not (directory / PACKED).exists():
        with looked_at(directory) as log:
            if not log.kept:
                return False
            _write(directory, log)
    for piece in reversed(pieces(directory)):
        remove(directory, piece)
    return True


def _write(directory: Path, log: Snapshot) -> None:
    """Write both files beside the log; the name of the second one is what makes it the log."""
    packed, index = directory / f"{PACKED}.part", directory / f"{PACKED_INDEX}.part"
    with packed.open("wb") as file:
        said = _write_log(file, log)
        _settle(file)
    with index.open("wb") as file:
        _write_index(file, log, said)
        _settle(file)
    index.replace(directory / PACKED_INDEX)
    packed.replace(directory / PACKED)
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _settle(file) -> None:
    file.flush()
    os.fsync(file.fileno())


def _write_log(file, log: Snapshot) -> dict:
    starts, places, size = [], [], 0
    notes = [gap_note(count, lost) for _, count, lost in gaps(log.stretches)]
    for stretch, note in zip_longest(log.stretches, notes, fillvalue=b""):
        for start in range(stretch.offset, stretch.end, MEMBER):
            data = stretch.read(start, start + MEMBER)
            starts.append(size)
            places.append(file.tell())
            file.write(_member(data))
            size += len(data)
        if note:
            file.write(_member(note))
    return {"size": size, "starts": starts, "places": places}


def _member(data: bytes) -> bytes:
    packer = zlib.compressobj(6, wbits=31)
    return packer.compress(data) + packer.flush()


def _write_index(file, log: Snapshot, said: dict) -> None:
    stretches, blocks = [], []
    for stretch in log.stretches:
        found = b"".join(_all(stretch.blocks.blob))
        blocks.append(found)
        size = stretch.end - stretch.offset
        stretches.append([stretch.offset, stretch.line, stretch.mid, size, len(found)])
    moments, starts, places = [], [], []
    for start in range(0, log.moments.blob.size, _MOMENTS_A_MEMBER):
        starts.append(start)
        places.append(sum(map(len, moments)))
        moments.append(_member(log.moments.blob.read(start, start + _MOMENTS_A_MEMBER)))
    sections = {"blocks": blocks, "moments": moments, "errors": list(_all(log.errors.blob))}
    said |= {
        "started_at": log.started_at,
        "stretches": stretches,
        "moment_starts": starts,
        "moment_places": places,
        "moments_size": log.moments.blob.size,
        "sections": [[name, sum(map(len, parts))] for name, parts in sections.items()],
    }
    file.write(json.dumps(said).encode() + b"\n")
    for parts in sections.values():
        file.writelines(parts)


def _all(blob: Blob) -> Iterator[bytes]:
    for start in range(0, blob.size, MEMBER):
        yield blob.read(start, start + MEMBER)
