from runner.logs.reader import LogReader
from tests.runner.logs.written import texts, write


def test_progress_bars_are_folded_and_their_bytes_kept(spool):
    printed = b"".join(b"\r%3d%%" % n for n in range(101)) + b"\nwindows\r\nlast 1\rlast 2\r"
    write(spool, [printed])
    reader = LogReader(spool)
    assert texts(reader.lines(0, 10)) == ["100%", "windows", "last 2"]
    assert b"".join(reader.raw()) == printed


def test_a_progress_bar_of_megabytes_shows_its_last_frame(spool):
    write(spool, [b"\rdownloading %8d" % n for n in range(40_000)])
    reader = LogReader(spool)
    assert texts(reader.tail(1)) == ["downloading    39999"]
    assert reader.line(0).text == "downloading    39999"


def test_a_long_line_is_cut_between_characters_and_whole_on_demand(spool):
    text = "a" + "蜘" * 200_000
    write(spool, [f"{text}\nnext\n".encode()])
    reader = LogReader(spool)
    cut, following = texts(reader.lines(0, 2))
    assert cut == "a" + "蜘" * 1365 + f"… +{3 * (200_000 - 1365)}"
    assert following == "next"
    assert reader.line(0).text == text


def test_a_line_longer_than_many_blocks_does_not_hide_its_neighbours(spool):
    chunk = b"x" * 65536
    write(spool, [b"before\n", *[chunk] * 320, b"\nafter\n"])
    reader = LogReader(spool)
    assert reader.facts().lines == 3
    before, long, after = texts(reader.lines(0, 3))
    assert (before, after) == ("before", "after")
    assert long.endswith(f"… +{320 * 65536 - 4096}")
    assert texts(reader.tail(1)) == ["after"]
