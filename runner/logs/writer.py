"""Writes what an attempt prints, as printed, with the side files that make it quick to read."""

import time
from collections import deque
from pathlib import Path

from runner.logs import colours
from runner.logs.appending import PieceFiles
from runner.logs.errorlines import ErrorFinder
from runner.logs.pieces import HEAD, Piece, remove, segment
from runner.logs.records import Block

STEP = 64 * 1024
LINES_A_BLOCK = 256
BYTES_A_BLOCK = 1 << 20
# One share is the head, the others are the tail; the oldest of these makes room, whole.
SHARES = 10


class LogWriter:
    """Appends to the log in `directory`, which takes at most `limit` bytes of it.

    `lines` counts an unfinished last line too; `total_bytes` is all that was written here, of
    which `dropped_bytes` are not kept. Raises FileExistsError where there is a log already.
    A disk that fails never stops the caller: what cannot be written is counted as dropped.
    """

    def __init__(self, directory: Path, limit: int, started_at: float | None = None) -> None:
        self.directory = Path(directory)
        self.total_bytes = self.dropped_bytes = 0
        now = time.time()
        self._started_at = now if started_at is None else started_at
        self._zero = time.monotonic() - (now - self._started_at)
        self._share = max(limit // SHARES, 1)
        self._line, self._mid, self._line_ms = 0, False, 0
        self._colours, self._escape = colours.PLAIN, b""
        self._errors = ErrorFinder()
        self._kept: deque[tuple[Piece, int]] = deque()
        self._begin(Piece(HEAD))

    @property
    def lines(self) -> int:
        return self._line + self._mid

    def write(self, chunk: bytes) -> None:
        ms = max(int((time.monotonic() - self._zero) * 1000), 0)
        for start in range(0, len(chunk), STEP):
            self._take(chunk[start : start + STEP], ms)

    def flush(self) -> None:
        self._files.flush()

    def close(self) -> None:
        self._files.end(max(int((time.monotonic() - self._zero) * 1000), 0))
        self._count_lost()

    def _take(self, data: bytes, ms: int) -> None:
        while len(data) > (room := self._share - self._files.size):
            cut = self._cut(data, room)
            if cut:
                self._append(data[:cut], ms)
                data = data[cut:]
            self._roll()
        if data:
            self._append(data, ms)

    def _cut(self, data: bytes, room: int) -> int:
        """How much of `data` goes into the room that is left: whole lines where that can be."""
        whole = data.rfind(b"\n", 0, room) + 1
        if whole or (self._files.size and not self._mid):
            return whole
        return room

    def _roll(self) -> None:
        self._files.close()
        if self._piece.name != HEAD:
            self._kept.append((self._piece, self._files.size - self._files.lost))
        self._count_lost()
        while len(self._kept) > SHARES - 2:
            oldest, size = self._kept.popleft()
            remove(self.directory, oldest)
            self.dropped_bytes += size
        self._begin(segment(self.total_bytes, self._line, self._mid))

    def _count_lost(self) -> None:
        self.dropped_bytes += self._files.lost
        self._files.lost = 0

    def _begin(self, piece: Piece) -> None:
        self._piece = piece
        self._files = PieceFiles(self.directory / piece.name, self._started_at)
        self._next_block = LINES_A_BLOCK
        self._block_offset = self.total_bytes
        if piece.name != HEAD:
            self._files.moment(self._line, self._line_ms)
            self._block(0, self._line, self._mid, self._line_ms)

    def _append(self, data: bytes, ms: int) -> None:
        newlines = data.count(b"\n")
        ends = data.endswith(b"\n")
        self._note_time(newlines, ends, ms)
        self._note_blocks(data, newlines, ms)
        for line in self._errors.find(data, self._line):
            self._files.error(line)
        self._files.append(data)
        self.total_bytes += len(data)
        self._line += newlines
        self._mid = not ends

    def _note_time(self, newlines: int, ends: bool, ms: int) -> None:
        first, after = self._line + self._mid, self._line + newlines + (not ends)
        if after > first:
            self._files.moment(first, ms)
        if not ends and (newlines or not self._mid):
            self._line_ms = ms

    def _note_blocks(self, data: bytes, newlines: int, ms: int) -> None:
        line, place = self._line, 0
        if self.total_bytes - self._block_offset >= BYTES_A_BLOCK:
            self._block(0, line, self._mid, self._line_ms if self._mid else ms)
        while self._next_block <= self._line + newlines:
            after = _after_newlines(data, place, self._next_block - line)
            if after == len(data):
                break  # that line has no byte yet: the next data brings it
            self._see_colours(data, place, after)
            line, place = self._next_block, after
            self._block(place, line, False, ms)
        self._see_colours(data, place, len(data))

    def _block(self, place: int, line: int, mid: bool, ms: int) -> None:
        if self._escape:
            # Inside a colour sequence: nothing can be read from here on, but from the next line.
            self._next_block = line + 1
            return
        self._block_offset = self.total_bytes + place
        self._next_block = line + LINES_A_BLOCK
        self._files.block(Block(line, self._block_offset, ms, int(mid), *self._colours))

    def _see_colours(self, data: bytes, start: int, end: int) -> None:
        if self._escape or data.find(b"\x1b", start, end) >= 0:
            data = self._escape + data[start:end]
            self._colours = colours.after(self._colours, data)
            unfinished = colours.UNFINISHED.search(data, max(len(data) - 70, 0))
            self._escape = unfinished[0] if unfinished else b""


def _after_newlines(data: bytes, place: int, count: int) -> int:
    for _ in range(count):
        place = data.find(b"\n", place) + 1
    return place
