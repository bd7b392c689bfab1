import itertools

import pytest

from runner.logs.packing import pack
from runner.logs.pattern import BadPattern, Pattern
from runner.logs.reader import LogReader
from runner.logs.searching import Hit
from runner.logs.writer import LogWriter


@pytest.fixture
def log(spool):
    def written(data, limit=1 << 30):
        writer = LogWriter(spool, limit)
        writer.write(data)
        writer.close()
        return LogReader(spool)

    return written


def hits(reader, pattern, **options):
    return [item for item in reader.search(pattern, **options) if isinstance(item, Hit)]


def numbers(reader, pattern, **options):
    return [hit.n for hit in hits(reader, pattern, **options)]


def test_it_finds_every_line_once(log):
    reader = log(b"aaa\nbab\nccc\na\n" * 50_000)
    *_, last = reader.search(Pattern("a"), limit=5)
    assert numbers(reader, Pattern("a"), limit=5) == [0, 1, 3, 4, 5]
    assert last.hits == 150_000
    assert last.is_done
    assert last.done == last.size == 14 * 50_000
    assert last.places == "1" * 300


def test_a_packed_log_gives_the_same_hits(log, spool):
    reader = log(b"".join(b"line %d\n" % n for n in range(200_000)))
    before = list(reader.search(Pattern("99")))
    pack(spool)
    assert list(reader.search(Pattern("99"))) == before


def test_case_counts_when_the_text_has_a_capital(log):
    reader = log("Error\nerror\nERROR\nÄrger\närger\n".encode())
    assert numbers(reader, Pattern("error")) == [0, 1, 2]
    assert numbers(reader, Pattern("Error")) == [0]
    assert numbers(reader, Pattern("error", case=True)) == [1]
    assert numbers(reader, Pattern("Error", case=False)) == [0, 1, 2]
    assert numbers(reader, Pattern("ärger")) == [3, 4]


def test_a_literal_is_no_expression(log):
    reader = log(b"a.c\nabc\n(\n")
    assert numbers(reader, Pattern("a.c")) == [0]
    assert numbers(reader, Pattern("(")) == [2]


def test_an_expression_matches_within_a_line(log):
    reader = log("one 1\ntwo 22\n三 333\n".encode())
    assert numbers(reader, Pattern(r"\d{2,}$", regex=True)) == [1, 2]
    assert numbers(reader, Pattern(r"^two|^三", regex=True)) == [1, 2]
    assert numbers(reader, Pattern(r"e.1\stwo", regex=True)) == []
    assert numbers(reader, Pattern(r"x*", regex=True)) == [0, 1, 2]


def test_an_expression_that_runs_away_elsewhere_ends_here(log):
    reader = log(b"a" * 100_000 + b"\n")
    assert numbers(reader, Pattern(r"(a+)+$", regex=True)) == [0]
    assert numbers(reader, Pattern(r"(a|aa)+b", regex=True)) == []


@pytest.mark.parametrize("text", ["(", "a)(b", "[z-a]", r"(?=x)", r"\1", "a{100000}"])
def test_a_bad_expression_says_so(text):
    with pytest.raises(BadPattern, match=r"."):
        Pattern(text, regex=True)


@pytest.mark.parametrize("text", ["", "a\nb", "x" * 1001, "\ud800"])
def test_a_text_that_no_line_can_hold_is_refused(text):
    with pytest.raises(BadPattern):
        Pattern(text)


def test_colours_do_not_hide_a_word(log):
    reader = log(b"\x1b[1mwo\x1b[0mrd\nother\n")
    assert hits(reader, Pattern("word")) == [Hit(0, "word")]


def test_an_overwritten_frame_is_not_found(log):
    reader = log(b"10%\r20%\ndone 20%\n")
    assert numbers(reader, Pattern("10%")) == []
    assert numbers(reader, Pattern("20%")) == [0, 1]


def test_a_word_in_a_line_longer_than_a_step_is_found_once(log):
    filler = b"x" * 524_285
    reader = log(b"first\n" + filler + b"needle" + filler + b"\nlast needle\n")
    assert numbers(reader, Pattern("needle")) == [1, 2]


def test_a_search_can_be_left_at_any_step(log):
    reader = log(b"nothing here\n" * 200_000)
    search = reader.search(Pattern("needle"))
    (first,) = itertools.islice(search, 1)
    search.close()
    assert 0 < first.done < first.size


def test_lines_after_a_gap_are_found_under_their_numbers(log):
    reader = log(b"".join(b"line %d\n" % n for n in range(10_000)), limit=10_000)
    (gap,) = reader.gaps()
    wanted = [n for n in (0, 5000, 9999) if not gap.first <= n < gap.first + gap.count]
    found = [n for n in (0, 5000, 9999) if numbers(reader, Pattern(f"^line {n}$", regex=True))]
    assert found == wanted == [0, 9999]
    assert numbers(reader, Pattern("line 9999"), after=9998) == [9999]
