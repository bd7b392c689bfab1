import pytest

from runner.logs.reader import LogReader
from runner.logs.writer import LogWriter
from tests.runner.logs.written import PLENTY, write


def test_colours_go_on_from_line_to_line(spool):
    writer = LogWriter(spool, PLENTY)
    writer.write(b"plain\n\x1b[1;3")
    writer.write(b"1mbold red\n" + b"still\n" * 1000 + b"\x1b[0mplain\n")
    writer.write(b"\x1b[38;5;208;48;2;1;2;3m\n\x1b[39m\n\x1b[92m\n")
    writer.close()
    reader = LogReader(spool)
    seen = [reader.colour_at(n) for n in (0, 1, 2, 900, 1003, 1004, 1005, 1006)]
    background = "48;2;1;2;3"
    assert seen == [
        "",
        "",
        "1;31",
        "1;31",
        "",
        f"38;5;208;{background}",
        background,
        f"92;{background}",
    ]


@pytest.mark.parametrize("limit", range(100, 200, 10))
def test_colours_are_right_wherever_a_piece_ends(spool, limit):
    lines = [b"\x1b[38;5;%dm%d\n" % (20 + n, n) for n in range(limit // 20)]
    write(spool, [bytes([byte]) for byte in b"".join(lines)], limit)
    reader = LogReader(spool)
    for line in reader.lines(1, len(lines)):
        lost = any(gap.first <= line.n <= gap.first + gap.count for gap in reader.gaps())
        assert lost or reader.colour_at(line.n) == f"38;5;{19 + line.n}"
