"""Appends to the files of one piece of a log; a side file is made when it has something to say."""

import os
from pathlib import Path

from runner.logs.pieces import BLOCKS, ERRORS, HEAD, MOMENTS
from runner.logs.records import BLOCK, ERROR_LINE, MOMENT, STARTED_AT, THE_END, Block

_BUFFER = 256 * 1024
# When the times of a piece have grown this much, they are told ten times as coarsely.
_MOMENTS_A_STEP = 1 << 20
# More error lines than that in one piece are not told apart any more.
_ERRORS_A_PIECE = 250_000
_COARSEST = 3  # powers of ten: one second


class _Appended:
    """A file that is made with its first byte, and cut back to whole writes when the disk fails."""

    def __init__(self, path: Path) -> None:
        self.path, self.size = path, 0
        self.waiting = bytearray()
        self._descriptor = -1

    def open(self) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC
        self._descriptor = os.open(self.path, flags, 0o600)

    def flush(self) -> int:
        """Write what is waiting; return how many bytes of it could not be written."""
        if not self.waiting:
            return 0
        data, self.waiting = self.waiting, bytearray()
        try:
            if self._descriptor < 0:
                self.open()
            self._write(data)
        except OSError:
            self._cut_back()
            return len(data)
        self.size += len(data)
        return 0

    def _write(self, data: bytearray) -> None:
        with memoryview(data) as rest:
            done = 0
            while done < len(data):
                done += os.write(self._descriptor, rest[done:])

    def _cut_back(self) -> None:
        if self._descriptor >= 0:
            os.ftruncate(self._descriptor, self.size)

    def close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


class PieceFiles:
    """The log's bytes, blocks, moments and error lines of one piece.

    `size` counts what was given; `lost` what of it the disk refused, after which nothing more is
    written here, for the places of what follows would be wrong.
    """

    def __init__(self, path: Path, started_at: float) -> None:
        self.size = self.lost = 0
        self._is_broken = False
        self._log = _Appended(path)
        self._blocks, self._moments, self._errors = (
            _Appended(path.with_name(path.name + ending)) for ending in (BLOCKS, MOMENTS, ERRORS)
        )
        self._last_ms, self._moments_size, self._error_lines = -1, 0, 0
        if path.name == HEAD:
            self._moments.waiting += STARTED_AT.pack(started_at)
            self._log.open()

    def append(self, data: bytes) -> None:
        self.size += len(data)
        if self._is_broken:
            self.lost += len(data)
            return
        self._log.waiting += data
        if len(self._log.waiting) >= _BUFFER:
            self.flush()

    def block(self, block: Block) -> None:
        if not self._is_broken:
            self._blocks.waiting += BLOCK.pack(*block)

    def moment(self, line: int, ms: int) -> None:
        """Note that lines from `line` on began at `ms`; the times grow coarser in a flood."""
        ms -= ms % 10 ** min(self._moments_size // _MOMENTS_A_STEP, _COARSEST)
        ms = min(ms, 2**32 - 1)
        if ms > self._last_ms and not self._is_broken:
            self._last_ms = ms
            self._moments.waiting += MOMENT.pack(line, ms)
            self._moments_size += MOMENT.size

    def error(self, line: int) -> None:
        self._error_lines += 1
        if self._error_lines <= _ERRORS_A_PIECE and not self._is_broken:
            self._errors.waiting += ERROR_LINE.pack(line)

    def flush(self) -> None:
        """The bytes first: a side file never speaks of bytes that are not there."""
        if self._is_broken:
            return
        refused = self._log.flush()
        if refused:
            self.lost += refused
            self._is_broken = True
            return
        # A side file without a record makes reading slower, not wrong: it is left behind.
        for side in (self._blocks, self._moments, self._errors):
            if side.flush():
                side.close()

    def end(self, ms: int) -> None:
        """Close with the moment that says that nothing follows."""
        self._moments.waiting += MOMENT.pack(THE_END, min(ms, 2**32 - 1))
        self.close()

    def close(self) -> None:
        self.flush()
        for file in (self._log, self._blocks, self._moments, self._errors):
            file.close()
