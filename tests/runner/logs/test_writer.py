import errno
import subprocess
import sys
from pathlib import Path

import pytest

from runner.logs.pieces import pieces
from runner.logs.reader import LogReader
from runner.logs.writer import LogWriter

ROOT = Path(__file__).resolve().parents[3]

# The peak of the process alone: ru_maxrss would count what its parent had.
PEAK = """
import sys
from pathlib import Path

def peak():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
"""
LONG_LINE = """
from runner.logs.writer import LogWriter
directory, megabytes, limit = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
chunk = b"x" * 65536
writer = LogWriter(directory, limit)
before = peak()
for _ in range(megabytes * 16):
    writer.write(chunk)
writer.close()
print(peak() - before, writer.lines)
"""

BEYOND_THE_FILE_SIZE = """
import resource, signal, sys
from pathlib import Path
from runner.logs.writer import LogWriter
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
writer = LogWriter(Path(sys.argv[1]), 1 << 30)
for _ in range(200):
    writer.write(b"a line of output\\n" * 1000)
writer.close()
print(writer.total_bytes, writer.dropped_bytes)
"""

READ = """
from runner.logs.reader import LogReader
before = peak()
reader = LogReader(Path(sys.argv[1]))
reader.facts(), reader.lines(0, 500), reader.tail(500), reader.colour_at(0)
print(peak() - before)
"""


def python(code, *arguments):
    argv = [sys.executable, "-c", code, *map(str, arguments)]
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True)
    return [int(word) for word in done.stdout.split()]


def test_a_long_line_is_streamed_and_read_in_little_memory(spool):
    grown_kb, lines = python(PEAK + LONG_LINE, spool, 100, 1 << 30)
    assert lines == 1
    assert grown_kb < 8_000
    (grown_kb,) = python(PEAK + READ, spool)
    assert grown_kb < 8_000


def test_a_flood_stays_below_the_limit(spool):
    limit = 4_000_000
    writer = LogWriter(spool, limit)
    flood = b"y\n" * 32768
    for _ in range(320):
        writer.write(flood)
    writer.close()
    sizes = {path.name: path.stat().st_size for path in spool.iterdir()}
    logs = sum(size for name, size in sizes.items() if not name.endswith((".idx", ".ts", ".err")))
    assert logs <= limit
    assert sum(sizes.values()) <= 1.2 * limit
    assert writer.total_bytes == 320 * 65536
    assert writer.dropped_bytes == writer.total_bytes - logs
    assert logs >= 0.8 * limit
    reader = LogReader(spool)
    assert reader.facts().lines == writer.lines == 320 * 32768
    assert reader.tail(1)[0].n == writer.lines - 1


def test_what_a_failing_disk_refuses_is_counted_and_never_raised(spool):
    size = 1_000_000
    total, dropped = python(BEYOND_THE_FILE_SIZE, spool, size)
    reader = LogReader(spool)
    kept = b"".join(reader.raw())
    assert total == 200 * 17_000
    assert 0 < len(kept) == total - dropped <= size
    assert kept == (b"a line of output\n" * 200_000)[: len(kept)]
    assert reader.lines(5, 1)[0].text == "a line of output"


def test_the_bytes_are_kept_as_printed(spool):
    printed = b"\x00NUL \xff\xfe broken \xe8\x9c\nCRLF\r\n\r\x1b[31m\x9b no end"
    writer = LogWriter(spool, 1 << 20)
    for byte in printed:
        writer.write(bytes([byte]))
    writer.close()
    assert (spool / "log").read_bytes() == printed
    assert [line.text for line in LogReader(spool).lines(0, 9)] == [
        "\x00NUL \ufffd\ufffd broken \ufffd",
        "CRLF",
        "\x1b[31m\ufffd no end",
    ]


def test_lines_are_not_cut_where_a_new_piece_begins(spool):
    writer = LogWriter(spool, 1000)
    for n in range(40):
        writer.write(b"%030d\n" % n)
    writer.close()
    found = pieces(spool)
    assert len(found) == 10
    assert not any(piece.mid for piece in found)


@pytest.mark.parametrize("limit", [0, 1, 9, 10])
def test_a_tiny_limit_still_counts_everything(spool, limit):
    writer = LogWriter(spool, limit)
    writer.write(b"some output\nand more\n")
    writer.close()
    facts = LogReader(spool).facts()
    assert facts.total_bytes == 21
    assert facts.dropped_bytes == writer.dropped_bytes == 11
    assert facts.lines == 2


def test_a_missing_directory_is_said_at_once(spool):
    with pytest.raises(OSError) as caught:
        LogWriter(spool / "gone", 1 << 20)
    assert caught.value.errno == errno.ENOENT
