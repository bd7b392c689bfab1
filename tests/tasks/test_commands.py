import pytest

from tasks.commands import split


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("python spider.py", ["python", "spider.py"]),
        ("  scrapy   crawl  shop ", ["scrapy", "crawl", "shop"]),
        ("python -c 'print(1; 2)'", ["python", "-c", "print(1; 2)"]),
        ('run "two words" a\\ b', ["run", "two words", "a b"]),
        ("echo $HOME && rm *|cat", ["echo", "$HOME", "&&", "rm", "*|cat"]),
        ("抓取 页面", ["抓取", "页面"]),
        ("run ''", ["run", ""]),
    ],
)
def test_it_splits_as_a_shell_does_without_being_one(command, words):
    assert split(command) == words


@pytest.mark.parametrize("command", ["", "   ", "''", "python 'spider.py", 'a "b', "a\\", "a\0b"])
def test_what_cannot_be_split_is_refused_with_a_sentence(command):
    with pytest.raises(ValueError, match=r"\w+ \w+.*"):
        split(command)
