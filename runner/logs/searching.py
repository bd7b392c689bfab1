"""Looks through a log's lines for a pattern, a bounded step at a time."""

from collections.abc import Iterator
from typing import NamedTuple

from runner.logs.colours import SEQUENCE
from runner.logs.pattern import Pattern
from runner.logs.snapshot import Snapshot
from runner.logs.stretches import Stretch
from runner.logs.view import frame, shown

STEP = 512 * 1024
# Of a line that is longer, so much is looked at with what follows.
_OVERLAP = 4096
BUCKETS = 300


class Hit(NamedTuple):
    """A line that matches, as it is shown, without colours."""

    n: int
    text: str


class Progress(NamedTuple):
    """How far a search has come: bytes looked at, bytes in all, and lines that matched.

    `places` marks with "1" which of 300 equal parts of the log's lines hold a match.
    """

    done: int
    size: int
    hits: int
    is_done: bool
    places: str


def search(log: Snapshot, pattern: Pattern, after: int, limit: int) -> Iterator[Hit | Progress]:
    hits, done, marks = 0, 0, bytearray(b"0" * BUCKETS)
    lines, last = max(log.lines, 1), after
    for stretch in log.stretches:
        if stretch.end_line <= after + 1:
            done += stretch.end - stretch.offset
            continue
        start = stretch.start_of(max(after + 1, stretch.line))
        done += start - stretch.offset
        for place, data, size in _steps(stretch, start):
            for n, text in _hits(pattern, stretch, place, data, wanted=limit - hits):
                if n <= last:
                    continue
                last = n
                hits += 1
                marks[min(n * BUCKETS // lines, BUCKETS - 1)] = ord("1")
                if hits <= limit:
                    yield Hit(n, text)
            done += size
            yield Progress(done, log.kept, hits, False, "")
    yield Progress(done, log.kept, hits, True, marks.decode())


def _steps(stretch: Stretch, start: int) -> Iterator[tuple[int, bytes, int]]:
    """Yield whole lines with the place of the first byte, and how many new bytes were read."""
    carry = b""
    for chunk in stretch.chunks(start, stretch.end, STEP):
        data = carry + chunk
        end = data.rfind(b"\n") + 1
        place = start - len(carry)
        yield place, data[:end] or data, len(chunk)
        carry = data[end:] if end else data[-_OVERLAP:]
        start += len(chunk)
    if carry:
        yield start - len(carry), carry, 0


def _hits(
    pattern: Pattern, stretch: Stretch, start: int, data: bytes, wanted: int
) -> Iterator[tuple[int, str]]:
    if b"\x1b" in data:
        data = SEQUENCE.sub(b"", data)
    has_frames = b"\r" in data
    line, counted = -1, 0
    for place in pattern.places(data):
        if line < 0:
            # Lines are counted only where something is found: that is half of a search's time.
            line = stretch.line_at(start)
        line += data.count(b"\n", counted, place)
        counted = place
        if wanted <= 0 and not has_frames:
            yield line, ""
            continue
        end = data.find(b"\n", place)
        raw = data[data.rfind(b"\n", 0, place) + 1 : end if end >= 0 else len(data)]
        # What a progress bar has overwritten is not shown, so it is not found either.
        if has_frames and b"\r" in raw and not pattern.is_in(frame(raw)):
            continue
        wanted -= 1
        yield line, shown(raw)
