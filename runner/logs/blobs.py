"""Bytes that are read by range, whether they lie plain or in gzip members."""

import io
import os
import zlib
from bisect import bisect_right
from typing import Protocol


class Blob(Protocol):
    """A range of bytes: `read` returns exactly those that exist between start and end."""

    size: int

    def read(self, start: int, end: int) -> bytes: ...


class FileBlob:
    """A file from byte `base` on, as long as it was when it was looked at."""

    def __init__(self, file: io.FileIO, base: int = 0, size: int | None = None) -> None:
        self.file, self.base = file, base
        there = os.fstat(file.fileno()).st_size - base
        self.size = max(there if size is None else min(size, there), 0)

    def read(self, start: int, end: int) -> bytes:
        end = min(end, self.size)
        if start >= end:
            return b""
        return os.pread(self.file.fileno(), end - start, self.base + start)


class GzipBlob:
    """Members of a gzip file; `starts` are their first bytes unpacked, `places` where they lie."""

    def __init__(self, file: Blob, starts: list[int], places: list[int], size: int) -> None:
        self.file, self.starts, self.places, self.size = file, starts, places, size
        self._kept: tuple[int, bytes] = (-1, b"")

    def read(self, start: int, end: int) -> bytes:
        end = min(end, self.size)
        found = []
        while start < end:
            number = bisect_right(self.starts, start) - 1
            base, member = self.starts[number], self._member(number)
            piece = member[start - base : end - base]
            if not piece:
                break
            found.append(piece)
            start += len(piece)
        return b"".join(found)

    def _member(self, number: int) -> bytes:
        if self._kept[0] != number:
            last = number + 1 == len(self.places)
            until = self.file.size if last else self.places[number + 1]
            packed = self.file.read(self.places[number], until)
            self._kept = (-1, b"")  # let go first: one member is held, never two
            # Only the first member there: a note about a gap may follow it.
            self._kept = number, zlib.decompressobj(wbits=31).decompress(packed)
        return self._kept[1]


class Joined:
    """Blobs one after the other."""

    def __init__(self, blobs: list[Blob]) -> None:
        self.blobs = [blob for blob in blobs if blob.size]
        self.starts, self.size = [], 0
        for blob in self.blobs:
            self.starts.append(self.size)
            self.size += blob.size

    def read(self, start: int, end: int) -> bytes:
        end = min(end, self.size)
        found = []
        while start < end:
            number = bisect_right(self.starts, start) - 1
            base = self.starts[number]
            piece = self.blobs[number].read(start - base, end - base)
            if not piece:
                break
            found.append(piece)
            start += len(piece)
        return found[0] if len(found) == 1 else b"".join(found)


class Part:
    """A part of a blob."""

    def __init__(self, blob: Blob, start: int, size: int) -> None:
        self.blob, self.start, self.size = blob, start, size

    def read(self, start: int, end: int) -> bytes:
        return self.blob.read(self.start + start, self.start + min(end, self.size))
