import pytest

from runner.logs.errorlines import ErrorFinder


@pytest.mark.parametrize(
    "line",
    [
        b"2026-11-28 [scrapy.core.scraper] ERROR: Spider error processing",
        b"Traceback (most recent call last):",
        b"ValueError: no",
        b"twisted.internet.error.DNSLookupError: gone",
        b"java.lang.NullPointerException: x",
        b"\x1b[31mERROR\x1b[0m red",
        b"FATAL",
        b"[CRITICAL] x",
    ],
)
def test_it_knows_an_error_line(line):
    assert ErrorFinder().find(b"fine\n" + line + b"\nfine\n", 10) == [11]


@pytest.mark.parametrize(
    "line", [b"'log_count/ERROR': 3,", b"0 errors", b"MYERRORS", b"ERROR_RATE=0", b"Errors are fun"]
)
def test_it_leaves_other_lines_alone(line):
    assert ErrorFinder().find(line + b"\n", 0) == []


def test_a_word_cut_by_two_chunks_is_found_once():
    text = b"fine\n2026 ERROR: Value" + b"x" * 300 + b" KeyError: again\nfine\nOSError: late\n"
    for cut in range(len(text)):
        finder = ErrorFinder()
        first = finder.find(text[:cut], 0)
        assert first + finder.find(text[cut:], text[:cut].count(b"\n")) == [1, 3], cut


def test_many_errors_in_a_chunk_are_all_found():
    chunk = b"ERROR a\nok\nERROR ValueError: twice ERROR\n" * 1000
    assert ErrorFinder().find(chunk, 0) == [n for n in range(3000) if n % 3 != 1]
