"""A stretch of a log without a gap: where its lines begin."""

from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise

from runner.logs import colours
from runner.logs.blobs import Blob
from runner.logs.records import BLOCK, Block
from runner.logs.tables import Records

CHUNK = 128 * 1024


class Stretch:
    """Bytes without a gap, from byte `offset` of all that was printed, which belongs to `line`."""

    def __init__(self, offset: int, line: int, mid: bool, data: Blob, blocks: Blob) -> None:
        self.offset, self.line, self.mid = offset, line, mid
        self.end = offset + data.size
        self._data = data
        self.blocks = Records(blocks, BLOCK)

    def read(self, start: int, end: int) -> bytes:
        return self._data.read(max(start - self.offset, 0), end - self.offset)

    def chunks(self, start: int, end: int, size: int = CHUNK) -> Iterator[bytes]:
        while start < end and (data := self.read(start, min(start + size, end))):
            yield data
            start += len(data)

    @cached_property
    def is_cut(self) -> bool:
        """Whether the last line has no end here."""
        return self.offset < self.end and self.read(self.end - 1, self.end) != b"\n"

    @cached_property
    def end_line(self) -> int:
        """The number after that of the last line, finished or not."""
        return self.line_at(self.end) + self.is_cut

    def start_of(self, line: int) -> int:
        """Return the first byte of a line that is kept here; the end for a line after the last."""
        if line <= self.line:
            return self.offset
        number = self.blocks.bisect(lambda block: block[0] < line and block[1] <= self.end)
        if number < self.blocks.count:
            exact = Block(*self.blocks[number])
            if exact.line == line and not exact.mid and exact.offset <= self.end:
                return exact.offset
        block = Block(*self.blocks[number - 1]) if number else self._origin()
        return self._after_newlines(block.offset, line - block.line)

    def line_at(self, offset: int) -> int:
        """Return the number of the line that the byte at `offset` belongs to."""
        block = self._block_at(offset)
        counted = (data.count(b"\n") for data in self.chunks(block.offset, offset))
        return block.line + sum(counted)

    def colours_at(self, line: int) -> colours.Colours:
        """The colours that are on where a line begins."""
        start = self.start_of(line)
        block = self._block_at(start)
        found = colours.Colours(block.attributes, block.foreground, block.background)
        carry = b""
        for chunk in self.chunks(block.offset, start):
            data = carry + chunk
            found = colours.after(found, data)
            unfinished = colours.UNFINISHED.search(data, max(len(data) - 70, 0))
            carry = unfinished[0] if unfinished else b""
        return found

    def _origin(self) -> Block:
        return Block(self.line, self.offset, mid=int(self.mid))

    def _block_at(self, offset: int) -> Block:
        number = self.blocks.bisect(lambda block: block[1] <= offset)
        return Block(*self.blocks[number - 1]) if number else self._origin()

    def _after_newlines(self, offset: int, count: int) -> int:
        for chunk in self.chunks(offset, self.end):
            found = chunk.count(b"\n")
            if found >= count:
                return offset + _after(chunk, count)
            count -= found
            offset += len(chunk)
        return self.end


def _after(chunk: bytes, count: int) -> int:
    place = 0
    for _ in range(count):
        place = chunk.find(b"\n", place) + 1
    return place


def gaps(stretches: list[Stretch]) -> Iterator[tuple[int, int, int]]:
    """Yield each gap: the first line of which nothing is kept, how many those are, bytes lost."""
    for before, after in pairwise(stretches):
        first = before.end_line
        yield first, max(after.line - first, 0), after.offset - before.end
