import gzip
import threading
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runner.logs.packing import pack
from runner.logs.pattern import Pattern
from runner.logs.reader import LogReader
from runner.logs.writer import LogWriter
from tests.runner.logs.written import PLENTY, texts, write

LINES = st.lists(
    st.one_of(
        st.binary(max_size=40),
        st.text(max_size=20).map(str.encode),
        st.sampled_from(
            [b"", b"50%\r51%\r", b"\r", b"a\r\r", b"\x00", "蜘蛛".encode()[:4], b"\x1b[31mred"]
        ),
    ),
    max_size=700,
)


def chunked(data, sizes):
    place = 0
    while place < len(data):
        size = next(sizes)
        yield data[place : place + size]
        place += size


def reference(data):
    """The texts of all lines, made the plain way."""
    raw = data.split(b"\n")
    raw = raw if raw[-1] else raw[:-1]
    return [line.rstrip(b"\r").split(b"\r")[-1].decode("utf-8", "replace") for line in raw]


@pytest.fixture
def fresh(tmp_path_factory):
    """Makes a new directory each time, for tests that hypothesis repeats."""
    return lambda: tmp_path_factory.mktemp("log")


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(lines=LINES, ending=st.binary(max_size=5), data=st.data())
def test_a_window_equals_a_slice_however_the_output_was_cut(fresh, lines, ending, data):
    printed = b"\n".join([*lines, ending])
    sizes = st.integers(1, 300)
    cuts = iter(lambda: data.draw(sizes), None) if len(printed) < 2000 else iter(lambda: 997, None)
    directory = fresh()
    writer = write(directory, chunked(printed, cuts))
    wanted = reference(printed)
    first = data.draw(st.integers(0, len(wanted) + 1))
    count = data.draw(st.integers(0, 300))
    plain = LogReader(directory)

    assert writer.lines == plain.facts().lines == len(wanted)
    assert b"".join(plain.raw()) == printed
    window, tail = plain.lines(first, count), plain.tail(count)
    assert texts(window) == wanted[first : first + count]
    assert [line.n for line in window] == list(range(first, first + len(window)))
    assert texts(tail) == wanted[max(len(wanted) - count, 0) :]
    assert gzip.decompress(b"".join(plain.gz())) == printed
    colour, facts, errors = plain.colour_at(first), plain.facts(), plain.errors()

    assert pack(directory) is bool(printed)
    packed = LogReader(directory)
    assert packed.facts() == facts
    assert packed.lines(first, count) == window
    assert packed.tail(count) == tail
    assert packed.colour_at(first) == colour
    assert packed.errors() == errors
    assert gzip.decompress(b"".join(packed.gz())) == printed


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    lengths=st.lists(st.integers(0, 30), min_size=1, max_size=300),
    limit=st.integers(50, 4000),
    size=st.integers(1, 500),
)
def test_a_capped_log_keeps_its_head_and_its_tail_and_says_the_gap(fresh, lengths, limit, size):
    printed = b"".join(b"%d:%s\n" % (n, b"x" * length) for n, length in enumerate(lengths))
    directory = fresh()
    writer = write(directory, chunked(printed, iter(lambda: size, None)), limit)
    reader = LogReader(directory)
    facts, gaps = reader.facts(), reader.gaps()
    kept = sum(map(len, reader.raw(0, len(printed))))

    assert kept <= max(limit, 10)
    assert facts.total_bytes == writer.total_bytes == len(printed)
    assert facts.dropped_bytes == writer.dropped_bytes == len(printed) - kept
    assert facts.lines == writer.lines == len(lengths)
    assert facts.dropped_bytes == sum(gap.bytes for gap in gaps)
    assert len(gaps) == (1 if facts.dropped_bytes else 0)
    check_lines(reader, lengths, gaps)
    assert printed.startswith(b"".join(reader.raw(0, kept_before(gaps, reader, printed))))

    before = reader.lines(0, 1000)
    whole = b"".join(reader.raw())
    pack(directory)
    assert reader.lines(0, 1000) == before
    assert reader.gaps() == gaps
    assert reader.facts() == facts
    assert b"".join(reader.raw()) == gzip.decompress(b"".join(reader.gz())) == whole


def kept_before(gaps, reader, printed):
    return len(printed) if not gaps else len(printed) - sum(map(len, reader.raw(0, len(printed))))


def check_lines(reader, lengths, gaps):
    """Every line outside the gap is there under its number; those beside it may be cut."""
    lost = {n for gap in gaps for n in range(gap.first, gap.first + gap.count)}
    beside = {n for gap in gaps for n in (gap.first - 1, gap.first + gap.count)}
    found = {line.n: line.text for line in reader.lines(0, len(lengths))}
    assert set(found) == set(range(len(lengths))) - lost
    for n, text in found.items():
        if n not in beside:
            assert text == f"{n}:{'x' * lengths[n]}"


def test_a_running_log_grows_under_the_same_reader(spool):
    writer = LogWriter(spool, PLENTY)
    reader = LogReader(spool)
    writer.write(b"one\ntw")
    writer.flush()
    assert texts(reader.tail(5)) == ["one", "tw"]
    assert reader.facts().complete is False
    writer.write(b"o\n")
    writer.close()
    assert texts(reader.tail(5)) == ["one", "two"]
    assert reader.facts().complete is True


def test_an_attempt_that_prints_one_line_makes_two_files(spool):
    write(spool, [b"hello\n"])
    assert sorted(path.name for path in spool.iterdir()) == ["log", "log.ts"]
    assert (spool / "log").read_bytes() == b"hello\n"


def test_a_directory_without_a_log_reads_as_an_empty_one(spool):
    reader = LogReader(spool / "nowhere")
    assert reader.facts().lines == 0
    assert reader.lines(0, 10) == reader.tail(10) == reader.errors() == reader.gaps() == []
    assert reader.line(0) is None
    assert b"".join(reader.raw()) == b""
    assert pack(spool) is False


def test_a_second_writer_of_a_log_is_refused(spool):
    write(spool, [b"first\n"])
    with pytest.raises(FileExistsError):
        LogWriter(spool, PLENTY)


def test_lines_have_the_time_they_began(spool):
    started_at = time.time() - 100
    writer = LogWriter(spool, PLENTY, started_at)
    writer.write(b"early\nbegun")
    early = LogReader(spool)
    writer.flush()
    begun = early.lines(1, 1)[0].t
    while time.time() - started_at < (begun + 20) / 1000:
        time.sleep(0.005)
    writer.write(b" late\nlast\n")
    writer.close()

    lines = early.lines(0, 3)
    assert texts(lines) == ["early", "begun late", "last"]
    assert lines[0].t == lines[1].t == begun >= 100_000
    assert lines[2].t > begun
    assert early.at(lines[2].t) == early.at(begun + 1) == 2
    assert early.at(0) == 0
    assert early.at(10**9) == 2
    assert early.facts().started_at == pytest.approx(started_at)


def test_a_line_longer_than_the_limit_keeps_both_its_ends(spool):
    writer = write(spool, [b"begin", *[b"-" * 1000] * 100, b"end\nnext\n"], limit=20_000)
    reader = LogReader(spool)
    kept = b"".join(reader.raw(0, writer.total_bytes))
    assert kept.startswith(b"begin-")
    assert kept.endswith(b"-end\nnext\n")
    assert reader.facts().lines == 2
    assert [line.n for line in reader.lines(0, 5)] == [0, 1]
    assert reader.tail(1)[0].text == "next"
    assert [gap.count for gap in reader.gaps()] == [0]
    assert b"bytes are not kept" in b"".join(reader.raw())


def test_errors_are_pages_of_line_numbers(spool):
    write(spool, [b"fine\nERROR: no\n" * 100])
    reader = LogReader(spool)
    assert reader.facts().errors == 100
    assert reader.errors(count=3) == [1, 3, 5]
    assert reader.errors(after=5, count=2) == [7, 9]
    assert reader.errors(after=199) == []


def test_the_places_of_errors_are_marked(spool):
    write(spool, [b"fine\n" * 300 + b"ERROR: no\n" * 2 + b"fine\n" * 299 + b"ERROR\n"])
    reader = LogReader(spool)
    assert reader.error_places(6) == "001101"
    assert reader.error_places(1) == "1"


def test_a_flood_is_read_while_it_is_written(spool):
    """Segments come and go under the reader; a line's number and its text stay one."""
    writer = LogWriter(spool, 1_000_000)
    done = threading.Event()

    def flood():
        for n in range(0, 600_000, 500):
            writer.write(b"".join(b"line %d\n" % number for number in range(n, n + 500)))
        writer.close()
        done.set()

    thread = threading.Thread(target=flood)
    thread.start()
    reader = LogReader(spool)
    looks = 0
    while not done.is_set() or looks < 3:
        for line in reader.tail(50) + reader.lines(0, 50):
            assert f"line {line.n}".startswith(line.text)
        looks += 1
    thread.join()
    assert reader.tail(1)[0].text == "line 599999"


def test_a_search_goes_on_after_a_line(spool):
    write(spool, [b"".join(b"line %d\n" % n for n in range(3000))])
    reader = LogReader(spool)
    found = [item.n for item in reader.search(Pattern("line 29"), after=290) if hasattr(item, "n")]
    assert found == [*range(291, 300), *range(2900, 3000)]
