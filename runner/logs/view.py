"""How a line of bytes is shown: decoded, its last frame, cut where it is very long."""

import codecs

from runner.logs.stretches import CHUNK, Stretch

SHOWN = 4096
_Decoder = codecs.getincrementaldecoder("utf-8")


def shown(raw: bytes, limit: int = SHOWN) -> str:
    """Return a line's text; what a lone carriage return overwrote is left out."""
    return cut(frame(raw), limit)


def frame(raw: bytes) -> bytes:
    """Return what stands in the line in the end: the last frame of a progress bar."""
    if b"\r" not in raw:
        return raw
    return raw.rstrip(b"\r").rpartition(b"\r")[2]


def cut(raw: bytes, limit: int, size: int | None = None) -> str:
    """Decode at most `limit` bytes, and say how many more there are: "… +1234"."""
    size = len(raw) if size is None else size
    if size <= limit:
        return raw.decode("utf-8", "replace")
    # Not final: the decoder holds back a character that the cut goes through.
    decoder = _Decoder("replace")
    text = decoder.decode(raw[:limit])
    held, _ = decoder.getstate()
    return f"{text}… +{size - limit + len(held)}"


def long_line(stretch: Stretch, start: int, end: int, limit: int = SHOWN) -> str:
    """Return the text of a line too long to be held, reading it by chunks."""
    end = _without_ending(stretch, start, end)
    begins = _frame_start(stretch, start, end)
    return cut(stretch.read(begins, min(end, begins + limit)), limit, end - begins)


def _without_ending(stretch: Stretch, start: int, end: int) -> int:
    while start < end:
        data = stretch.read(max(start, end - CHUNK), end)
        kept = data.removesuffix(b"\n").rstrip(b"\r")
        end -= len(data) - len(kept)
        if kept:
            break
    return end


def _frame_start(stretch: Stretch, start: int, end: int) -> int:
    while start < end:
        begins = max(start, end - CHUNK)
        place = stretch.read(begins, end).rfind(b"\r")
        if place >= 0:
            return begins + place + 1
        end = begins
    return start
