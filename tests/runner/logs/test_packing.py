import gzip
import os
import random

import pytest

from runner.logs import packing
from runner.logs.packing import pack
from runner.logs.reader import LogReader
from runner.logs.writer import LogWriter


@pytest.fixture
def written(spool):
    numbers = random.Random(7)
    printed = b"".join(
        b"%d %s\n" % (n, numbers.randbytes(8).hex().encode()) for n in range(150_000)
    )
    writer = LogWriter(spool, 1 << 30)
    for start in range(0, len(printed), 50_000):
        writer.write(printed[start : start + 50_000])
    writer.close()
    return printed


def test_a_packed_log_is_an_ordinary_gzip_file(spool, written):
    assert pack(spool)
    assert sorted(os.listdir(spool)) == ["log.gz", "log.pack"]
    assert gzip.decompress((spool / "log.gz").read_bytes()) == written
    assert len(written) > 3 * packing.MEMBER


def test_every_line_is_found_across_the_members(spool, written):
    pack(spool)
    reader = LogReader(spool)
    lines = written.decode().splitlines()
    for first in range(0, 150_000, 9_973):
        assert [line.text for line in reader.lines(first, 40)] == lines[first : first + 40]
    assert b"".join(reader.raw(1_000_000, 2_200_000)) == written[1_000_000:2_200_000]


def test_a_crash_before_the_last_rename_leaves_the_old_log(spool, written):
    (spool / "log.gz.part").write_bytes(b"half")
    (spool / "log.pack").write_bytes(b"of another try")
    assert LogReader(spool).tail(1)[0].n == 149_999
    assert pack(spool)
    assert LogReader(spool).tail(1)[0].n == 149_999
    assert sorted(os.listdir(spool)) == ["log.gz", "log.pack"]


def test_a_crash_after_the_last_rename_leaves_the_new_log(spool, written):
    old = {path.name: path.read_bytes() for path in spool.iterdir()}
    pack(spool)
    for name, data in old.items():
        (spool / name).write_bytes(data)
    assert b"".join(LogReader(spool).raw()) == written
    assert pack(spool)
    assert sorted(os.listdir(spool)) == ["log.gz", "log.pack"]


def test_a_reader_goes_on_while_the_log_is_packed(spool, written):
    reading = LogReader(spool).raw()
    first = next(reading)
    pack(spool)
    assert first + b"".join(reading) == written
