"""Reads a log by line, by time or by byte, while it is written, when it is finished, and packed."""

import zlib
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

from runner.logs import searching
from runner.logs.pattern import Pattern
from runner.logs.snapshot import Snapshot, looked_at
from runner.logs.stretches import CHUNK, Stretch, gaps
from runner.logs.view import long_line, shown

# A full line is for a person, too: what is longer is in the raw bytes.
FULL_LINE = 8 << 20


class Line(NamedTuple):
    """A line as it is shown: its number from 0, when it began (ms since the start), its text."""

    n: int
    t: int
    text: str


class Gap(NamedTuple):
    """`count` lines from `first` on are not kept; with cut lines around them, so many `bytes`."""

    first: int
    count: int
    bytes: int


class Facts(NamedTuple):
    """Of a log as it is now; `ms` is when its last line began, `started_at` epoch seconds."""

    lines: int
    total_bytes: int
    dropped_bytes: int
    complete: bool
    started_at: float | None
    errors: int
    ms: int


class LogReader:
    """The log in `directory`. Nothing is held between two calls, so that it may be kept."""

    def __init__(self, directory: Path) -> None:
        self.directory = Path(directory)

    def facts(self) -> Facts:
        with looked_at(self.directory) as log:
            last = log.moments[log.moments.count - 1][1] if log.moments.count else 0
            dropped = log.size - log.kept
            return Facts(
                log.lines,
                log.size,
                dropped,
                log.is_complete,
                log.started_at,
                log.errors.count,
                last,
            )

    def lines(self, first: int, count: int) -> list[Line]:
        """Return the lines numbered `first` to `first + count - 1` that are kept."""
        with looked_at(self.directory) as log:
            return _lines(log, max(first, 0), first + count)

    def tail(self, count: int) -> list[Line]:
        with looked_at(self.directory) as log:
            return _lines(log, max(log.lines - count, 0), log.lines)

    def line(self, n: int) -> Line | None:
        """Return a line at full length (8 MiB at most), or None when it is not kept."""
        with looked_at(self.directory) as log:
            for stretch in log.stretches:
                if stretch.line <= n < stretch.end_line:
                    bounds = stretch.start_of(n), stretch.start_of(n + 1)
                    text = long_line(stretch, *bounds, FULL_LINE)
                    return _timed(log, [(n, text)])[0]
        return None

    def at(self, ms: int) -> int:
        """Return the number of the first line that began at `ms` or later, or that of the last."""
        with looked_at(self.directory) as log:
            number = log.moments.bisect(lambda moment: moment[1] < ms)
            last = max(log.lines - 1, 0)
            return min(log.moments[number][0], last) if number < log.moments.count else last

    def errors(self, after: int = -1, count: int = 2000) -> list[int]:
        """Return the numbers of the lines after `after` that look like errors, `count` at most."""
        with looked_at(self.directory) as log:
            number = log.errors.bisect(lambda error: error[0] <= after)
            return [line for (line,) in log.errors.between(number, number + count)]

    def error_places(self, parts: int = 300) -> str:
        """Mark with "1" which of so many equal parts of the log's lines hold an error, else "0"."""
        marks = bytearray(b"0" * parts)
        with looked_at(self.directory) as log:
            lines, number = max(log.lines, 1), 0
            while number < log.errors.count:
                part = min(log.errors[number][0] * parts // lines, parts - 1)
                marks[part] = ord("1")
                following = -(-(part + 1) * lines // parts)
                number = log.errors.bisect(lambda error, line=following: error[0] < line)
        return marks.decode()

    def search(
        self, pattern: Pattern, after: int = -1, limit: int = 1000
    ) -> Iterator[searching.Hit | searching.Progress]:
        """Yield the hits after line `after` (`limit` at most) and, every half MiB, the progress.

        The work goes on with the iteration and stops with it. The last Progress has all that
        was counted, and `is_done`.
        """
        with looked_at(self.directory) as log:
            yield from searching.search(log, pattern, after, limit)

    def raw(self, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """Yield the bytes kept, as printed, between two places of all that was printed.

        The whole log (without places) says in a line of its own where something is missing.
        """
        with looked_at(self.directory) as log:
            if start == 0 and end is None:
                yield from whole(log)
                return
            for stretch in log.stretches:
                until = stretch.end if end is None else min(end, stretch.end)
                yield from stretch.chunks(max(start, stretch.offset), until)

    def gz(self) -> Iterator[bytes]:
        """Yield the whole log as a gzip file: as it lies there, when it is packed."""
        with looked_at(self.directory) as log:
            if log.packed:
                for start in range(0, log.packed.size, CHUNK):
                    yield log.packed.read(start, start + CHUNK)
                return
            packer = zlib.compressobj(6, wbits=31)
            for data in whole(log):
                yield packer.compress(data)
            yield packer.flush()

    def gaps(self) -> list[Gap]:
        with looked_at(self.directory) as log:
            return [Gap(*gap) for gap in gaps(log.stretches)]

    def colour_at(self, n: int) -> str:
        """Return the SGR codes of the colours that are on where line `n` begins: "1;31", or ""."""
        with looked_at(self.directory) as log:
            holding = (stretch for stretch in log.stretches if n < stretch.end_line)
            stretch = next(holding, log.stretches[-1] if log.stretches else None)
            return stretch.colours_at(n).codes() if stretch else ""


def whole(log: Snapshot) -> Iterator[bytes]:
    notes = [gap_note(count, size) for _, count, size in gaps(log.stretches)]
    for stretch, note in zip_longest(log.stretches, notes, fillvalue=b""):
        yield from stretch.chunks(stretch.offset, stretch.end)
        if note:
            yield note


def gap_note(lines: int, size: int) -> bytes:
    """The line that says in a downloaded log that something is missing there."""
    return b"\n[... %d lines, %d bytes are not kept: the limit of the log ...]\n" % (lines, size)


def _lines(log: Snapshot, first: int, end: int) -> list[Line]:
    found: list[tuple[int, str]] = []
    for stretch in log.stretches:
        low, high = max(first, stretch.line), min(end, stretch.end_line)
        # The rest of a line whose beginning is before the gap: the number is that of the beginning.
        low += bool(found) and found[-1][0] == low
        if low < high:
            found += _window(stretch, low, high)
    return _timed(log, found)


def _window(stretch: Stretch, line: int, end: int) -> Iterator[tuple[int, str]]:
    place = stretch.start_of(line)
    while line < end:
        data = stretch.read(place, place + CHUNK)
        whole_lines = data.rfind(b"\n")
        if whole_lines < 0:
            after = stretch.start_of(line + 1)
            yield line, long_line(stretch, place, after)
            place, line = after, line + 1
            continue
        wanted = end - line
        for raw in data[:whole_lines].split(b"\n", wanted)[:wanted]:
            yield line, shown(raw)
            line += 1
        place += whole_lines + 1


def _timed(log: Snapshot, lines: list[tuple[int, str]]) -> list[Line]:
    if not lines:
        return []
    first = lines[0][0]
    number = max(log.moments.bisect(lambda moment: moment[0] <= first) - 1, 0)
    moments = log.moments.between(number, log.moments.count)
    t, following = 0, next(moments, None)
    found = []
    for n, text in lines:
        while following and following[0] <= n:
            t, following = following[1], next(moments, None)
        found.append(Line(n, t, text))
    return found
