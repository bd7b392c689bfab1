import gzip
import os
import random

import pytest

from runner.logs import packing
from runner.logs.packing import pack
from runner.logs.reader import LogReader
from runner.logs.writer import LogWriter


@pytest.fixture
def written(tmp_path):
    numbers = random.Random(7)
    printed = b"".join(
        b"%d %s\n" % (n, numbers.randbytes(8).hex().encode()) for n in range(150_000)
    )
    writer = LogWriter(tmp_path, 1 << 30)
    for start in range(0, len(printed), 50_000):
        writer.write(printed[start : start + 50_000])
    writer.close()
    return printed


def test_a_packed_log_is_an_ordinary_gzip_file(tmp_path, written):
    assert pack(tmp_path)
    assert sorted(os.listdir(tmp_path)) == ["log.gz", "log.pack"]
    assert gzip.decompress((tmp_path / "log.gz").read_bytes()) == written
    assert len(written) > 3 * packing.MEMBER


def test_every_line_is_found_across_the_members(tmp_path, written):
    pack(tmp_path)
    reader = LogReader(tmp_path)
    lines = written.decode().splitlines()
    for first in range(0, 150_000, 9_973):
        assert [line.text for line in reader.lines(first, 40)] == lines[first : first + 40]
    assert b"".join(reader.raw(1_000_000, 2_200_000)) == written[1_000_000:2_200_000]


def test_a_crash_before_the_last_rename_leaves_the_old_log(tmp_path, written):
    (tmp_path / "log.gz.part").write_bytes(b"half")
    (tmp_path / "log.pack").write_bytes(b"of another try")
    assert LogReader(tmp_path).tail(1)[0].n == 149_999
    assert pack(tmp_path)
    assert LogReader(tmp_path).tail(1)[0].n == 149_999
    assert sorted(os.listdir(tmp_path)) == ["log.gz", "log.pack"]


def test_a_crash_after_the_last_rename_leaves_the_new_log(tmp_path, written):
    old = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    pack(tmp_path)
    for name, data in old.items():
        (tmp_path / name).write_bytes(data)
    assert b"".join(LogReader(tmp_path).raw()) == written
    assert pack(tmp_path)
    assert sorted(os.listdir(tmp_path)) == ["log.gz", "log.pack"]


def test_a_reader_goes_on_while_the_log_is_packed(tmp_path, written):
    reading = LogReader(tmp_path).raw()
    first = next(reading)
    pack(tmp_path)
    assert first + b"".join(reading) == written
