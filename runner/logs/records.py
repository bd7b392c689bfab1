"""The fixed records of a log's side files."""

from struct import Struct
from typing import NamedTuple

# line, offset, ms, mid-line, attributes, foreground, background
BLOCK = Struct("<QQIIIII")
# first line, ms: the lines from there on began then
MOMENT = Struct("<QI")
ERROR_LINE = Struct("<Q")
STARTED_AT = Struct("<d")
# The line of the moment that closes a log.
THE_END = 2**64 - 1


class Block(NamedTuple):
    """A place from which lines can be counted: the number of the line that its byte belongs to."""

    line: int
    offset: int
    ms: int = 0
    mid: int = 0
    attributes: int = 0
    foreground: int = 0
    background: int = 0
