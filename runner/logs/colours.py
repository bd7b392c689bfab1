"""The colours that are on at a place of a log: SGR sequences, added up."""

import re
from typing import NamedTuple

SEQUENCE = re.compile(rb"\x1b\[([0-9;:]*)m")
UNFINISHED = re.compile(rb"\x1b(?:\[[0-9;:]{0,64})?\Z")
_RESETS = (b"\x1b[0m", b"\x1b[m")
# Which attribute each code switches on (a bit) or off (a mask).
_ON = {1: 1, 2: 2, 3: 4, 4: 8, 5: 16, 7: 32, 8: 64, 9: 128}
_OFF = {22: 3, 23: 4, 24: 8, 25: 16, 27: 32, 28: 64, 29: 128}
_INDEXED, _TRUE = 1 << 24, 2 << 24


class Colours(NamedTuple):
    """Attributes as bits; a colour is 0 (none), or a kind in the top byte and its value."""

    attributes: int = 0
    foreground: int = 0
    background: int = 0

    def codes(self) -> str:
        """Return the SGR codes that bring these colours back, as "1;31"; "" for none."""
        found = [str(code) for code, bit in _ON.items() if self.attributes & bit]
        found += _colour_codes(self.foreground, 30) + _colour_codes(self.background, 40)
        return ";".join(found)


PLAIN = Colours()


def after(colours: Colours, data: bytes) -> Colours:
    """Return the colours that are on after `data`, when `colours` were on before it."""
    reset = max(data.rfind(sequence) for sequence in _RESETS)
    if reset >= 0:
        colours = PLAIN
    for match in SEQUENCE.finditer(data, max(reset, 0)):
        colours = _applied(colours, match[1])
    return colours


def _applied(colours: Colours, parameters: bytes) -> Colours:
    attributes, foreground, background = colours
    codes = iter([int(code[-4:] or 0) for code in parameters.replace(b":", b";").split(b";")])
    for code in codes:
        if code == 0:
            attributes = foreground = background = 0
        elif code in _ON:
            attributes |= _ON[code]
        elif code in _OFF:
            attributes &= ~_OFF[code]
        elif code // 10 in (3, 9):
            foreground = _colour(code, 30, codes, foreground)
        elif code // 10 in (4, 10):
            background = _colour(code, 40, codes, background)
    return Colours(attributes, foreground, background)


def _colour(code: int, base: int, codes, before: int) -> int:
    number = code - base
    if number == 8:
        return _extended(codes, before)
    if number == 9:
        return 0
    if 60 <= number <= 67:
        return _INDEXED | (number - 60 + 8)
    return _INDEXED | number if 0 <= number <= 7 else before


def _extended(codes, before: int) -> int:
    """Read what follows a 38 or a 48: `5;N` or `2;R;G;B`."""
    kind = next(codes, 0)
    if kind == 5:
        return _INDEXED | next(codes, 0) & 255
    if kind == 2:
        red, green, blue = (next(codes, 0) & 255 for _ in range(3))
        return _TRUE | red << 16 | green << 8 | blue
    return before


def _colour_codes(colour: int, base: int) -> list[str]:
    kind, value = colour & ~0xFFFFFF, colour & 0xFFFFFF
    if kind == _TRUE:
        return [f"{base + 8};2;{value >> 16};{value >> 8 & 255};{value & 255}"]
    if kind != _INDEXED:
        return []
    if value < 8:
        return [str(base + value)]
    return [str(base + 60 + value - 8)] if value < 16 else [f"{base + 8};5;{value}"]
