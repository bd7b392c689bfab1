import pytest

from tasks.variables.dotenv import parse

TEXT = r"""
# a comment
SITE=https://example.com/#top
export USER_AGENT = Mozilla/5.0 # what we say
EMPTY=
SPACED='  two  '
QUOTED="say \"hi\"\tnow\\"
PLAIN='no \n here $HOME'
KEY="first
second"  # the end
TWICE=1
TWICE=2
"""


def test_it_reads_what_people_write():
    found, mistakes = parse(TEXT)

    assert mistakes == []
    assert found == {
        "SITE": "https://example.com/#top",
        "USER_AGENT": "Mozilla/5.0",
        "EMPTY": "",
        "SPACED": "  two  ",
        "QUOTED": 'say "hi"\tnow\\',
        "PLAIN": r"no \n here $HOME",
        "KEY": "first\nsecond",
        "TWICE": "2",
    }


def test_lines_may_end_as_windows_ends_them():
    assert parse("A=1\r\nB=2\r\n") == ({"A": "1", "B": "2"}, [])


def test_each_mistake_is_named_with_its_line():
    _found, mistakes = parse("GOOD=1\nnothing here\n\nPATH=/bin\n2X=3\nA='x'y\n")

    assert [mistake.line for mistake in mistakes] == [2, 4, 5, 6]


def test_a_quotation_without_end_is_a_mistake_of_its_line():
    found, mistakes = parse('A=1\nB="never\nC=3')

    assert found == {"A": "1", "C": "3"}
    assert [mistake.line for mistake in mistakes] == [2]


@pytest.mark.parametrize("text", ["A='" * 2000, 'A="\n' * 2000, "=" * 5000, "A=" + " #" * 5000])
def test_hostile_texts_are_read_in_time(text):
    parse(text)
