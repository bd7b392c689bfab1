import time

from runner.logs.reader import LogReader
from runner.logs.writer import LogWriter
from tasks.packing import LEAST_BYTES, Packer


def write_log(spool, size: int):
    spool.mkdir()
    writer = LogWriter(spool, 10**8)
    writer.write(b"a line of a log\n" * (size // 16 + 1))
    writer.close()


def test_large_logs_are_packed_in_their_turn_and_read_as_before(tmp_path):
    spools = [tmp_path / "first", tmp_path / "second"]
    packer = Packer()
    for spool in spools:
        write_log(spool, LEAST_BYTES)
        packer.add(spool)
    before = LogReader(spools[0]).lines(100, 3)
    deadline = time.monotonic() + 60
    while packer.waiting or packer.process:
        packer.step()
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert all((spool / "log.gz").is_file() for spool in spools)
    assert not (spools[0] / "log").exists()
    assert LogReader(spools[0]).lines(100, 3) == before


def test_small_logs_stay_as_they_are(tmp_path):
    write_log(tmp_path / "small", 1000)
    packer = Packer()
    packer.add(tmp_path / "small")
    assert not packer.waiting
