import errno
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from runner.logs.pieces import pieces
from runner.logs.reader import LogReader
from runner.logs.writer import LogWriter

ROOT = Path(__file__).resolve().parents[3]

LONG_LINE = """
import resource, sys
from pathlib import Path
from runner.logs.writer import LogWriter
directory, megabytes, limit = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
chunk = b"x" * 65536
writer = LogWriter(directory, limit)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for _ in range(megabytes * 16):
    writer.write(chunk)
writer.close()
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before, writer.lines)
"""

READ = """
import resource, sys
from pathlib import Path
from runner.logs.reader import LogReader
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
reader = LogReader(Path(sys.argv[1]))
reader.facts(), reader.lines(0, 500), reader.tail(500), reader.colour_at(0)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def python(code, *arguments):
    argv = [sys.executable, "-c", code, *map(str, arguments)]
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True)
    return [int(word) for word in done.stdout.split()]


def test_a_long_line_is_streamed_and_read_in_little_memory(tmp_path):
    grown_kb, lines = python(LONG_LINE, tmp_path, 100, 1 << 30)
    assert lines == 1
    assert grown_kb < 8_000
    (grown_kb,) = python(READ, tmp_path)
    assert grown_kb < 8_000


def test_a_flood_stays_below_the_limit(tmp_path):
    limit = 4_000_000
    writer = LogWriter(tmp_path, limit)
    flood = b"y\n" * 32768
    for _ in range(320):
        writer.write(flood)
    writer.close()
    sizes = {path.name: path.stat().st_size for path in tmp_path.iterdir()}
    logs = sum(size for name, size in sizes.items() if not name.endswith((".idx", ".ts", ".err")))
    assert logs <= limit
    assert sum(sizes.values()) <= 1.2 * limit
    assert writer.total_bytes == 320 * 65536
    assert writer.dropped_bytes == writer.total_bytes - logs
    assert logs >= 0.8 * limit
    reader = LogReader(tmp_path)
    assert reader.facts().lines == writer.lines == 320 * 32768
    assert reader.tail(1)[0].n == writer.lines - 1


def test_what_a_failing_disk_refuses_is_counted_and_never_raised(tmp_path):
    size = 1_000_000
    pid = os.fork()
    if pid == 0:
        os._exit(_write_beyond_the_file_size(tmp_path, size))
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    reader = LogReader(tmp_path)
    kept = b"".join(reader.raw())
    assert 0 < len(kept) <= size
    assert kept == (b"a line of output\n" * (len(kept) // 17 + 1))[: len(kept)]
    assert reader.lines(5, 1)[0].text == "a line of output"


def _write_beyond_the_file_size(directory, size):
    import signal

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    try:
        writer = LogWriter(directory, 1 << 30)
        for _ in range(200):
            writer.write(b"a line of output\n" * 1000)
        writer.close()
        kept = (directory / "log").stat().st_size
        return 0 if writer.dropped_bytes == writer.total_bytes - kept > 0 else 1
    except BaseException:
        return 2


def test_the_bytes_are_kept_as_printed(tmp_path):
    printed = b"\x00NUL \xff\xfe broken \xe8\x9c\nCRLF\r\n\r\x1b[31m\x9b no end"
    writer = LogWriter(tmp_path, 1 << 20)
    for byte in printed:
        writer.write(bytes([byte]))
    writer.close()
    assert (tmp_path / "log").read_bytes() == printed
    assert [line.text for line in LogReader(tmp_path).lines(0, 9)] == [
        "\x00NUL \ufffd\ufffd broken \ufffd",
        "CRLF",
        "\x1b[31m\ufffd no end",
    ]


def test_lines_are_not_cut_where_a_new_piece_begins(tmp_path):
    writer = LogWriter(tmp_path, 1000)
    for n in range(40):
        writer.write(b"%030d\n" % n)
    writer.close()
    found = pieces(tmp_path)
    assert len(found) == 10
    assert not any(piece.mid for piece in found)


@pytest.mark.parametrize("limit", [0, 1, 9, 10])
def test_a_tiny_limit_still_counts_everything(tmp_path, limit):
    writer = LogWriter(tmp_path, limit)
    writer.write(b"some output\nand more\n")
    writer.close()
    facts = LogReader(tmp_path).facts()
    assert facts.total_bytes == 21
    assert facts.dropped_bytes == writer.dropped_bytes == 11
    assert facts.lines == 2


def test_a_missing_directory_is_said_at_once(tmp_path):
    with pytest.raises(OSError) as caught:
        LogWriter(tmp_path / "gone", 1 << 20)
    assert caught.value.errno == errno.ENOENT
