"""Reads and bisects the records of a side file where they lie."""

from collections.abc import Callable, Iterator
from struct import Struct

from runner.logs.blobs import Blob


class Records:
    """Records of one kind in a blob; a torn last one is not counted."""

    def __init__(self, blob: Blob, struct: Struct) -> None:
        self.blob, self.struct = blob, struct
        self.count = blob.size // struct.size

    def __getitem__(self, number: int) -> tuple:
        size = self.struct.size
        return self.struct.unpack(self.blob.read(number * size, (number + 1) * size))

    def between(self, first: int, end: int) -> Iterator[tuple]:
        """The records from `first` to before `end`, read a few thousand at a time."""
        size, end = self.struct.size, min(end, self.count)
        while first < end:
            until = min(first + 4096, end)
            yield from self.struct.iter_unpack(self.blob.read(first * size, until * size))
            first = until

    def bisect(self, is_before: Callable[[tuple], bool]) -> int:
        """Return the number of leading records for which `is_before` holds."""
        low, high = 0, self.count
        while low < high:
            middle = (low + high) // 2
            if is_before(self[middle]):
                low = middle + 1
            else:
                high = middle
        return low
