"""Contents that come as a zip archive."""

import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from tasks.source import entries
from tasks.source.entries import Entry
from tasks.source.errors import BadSource
from tasks.source.limits import DEFAULT, Limits
from tasks.source.staging import staged

CHUNK = 64 * 1024


def unpack(file: BinaryIO, into: Path, limits: Limits = DEFAULT) -> None:
    """Unpack a zip archive to the directory `into`, or raise BadSource and leave nothing.

    A single folder at the top is stripped. Byte code, version control's and macOS's own
    files are left out. Modes keep only whether the owner may execute.
    """
    kept = entries.read(file, limits)
    if not kept:
        raise BadSource("empty")
    top = _single_folder(kept)
    with staged(into) as private:
        for entry in kept:
            _write(file, entry, private / entry.path.relative_to(top))


def _single_folder(kept: list[Entry]) -> PurePosixPath:
    """Return the folder that holds everything, or the empty path."""
    firsts = {entry.path.parts[0] for entry in kept}
    if len(firsts) == 1 and all(len(entry.path.parts) > 1 for entry in kept):
        return PurePosixPath(firsts.pop())
    return PurePosixPath()


def _write(file: BinaryIO, entry: Entry, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    size = crc = 0
    with target.open("xb") as out:
        for chunk in _content(file, entry):
            size += len(chunk)
            if size > entry.size:
                raise BadSource("lying", str(entry.path))
            crc = zlib.crc32(chunk, crc)
            out.write(chunk)
    if size != entry.size:
        raise BadSource("lying", str(entry.path))
    if crc != entry.crc:
        raise BadSource("damaged", str(entry.path))
    target.chmod(0o755 if entry.is_executable else 0o644)


def _content(file: BinaryIO, entry: Entry) -> Iterator[bytes]:
    return _inflated(file, entry) if entry.is_deflated else _packed(file, entry)


def _packed(file: BinaryIO, entry: Entry) -> Iterator[bytes]:
    file.seek(entry.start)
    left = entry.packed
    while left:
        chunk = file.read(min(CHUNK, left))
        if not chunk:
            raise BadSource("damaged", str(entry.path))
        left -= len(chunk)
        yield chunk


def _inflated(file: BinaryIO, entry: Entry) -> Iterator[bytes]:
    """Yield the bytes in bounded pieces; zipfile would cut silently what is longer than said."""
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for chunk in _packed(file, entry):
            pending = chunk
            while pending:
                yield inflater.decompress(pending, CHUNK)
                pending = inflater.unconsumed_tail
                if inflater.unused_data:
                    raise BadSource("lying", str(entry.path))
        while not inflater.eof:
            rest = inflater.decompress(b"", CHUNK)
            if not rest:
                raise BadSource("damaged", str(entry.path))
            yield rest
    except zlib.error:
        raise BadSource("damaged", str(entry.path)) from None
