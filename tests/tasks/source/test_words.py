import re
from pathlib import Path

import tasks.source
from tasks.source.errors import BadSource
from tasks.source.gitprocess import MEANINGS
from tasks.source.words import WORDS, sentence


def test_every_cause_has_words_and_every_words_a_cause():
    sources = [path.read_text() for path in Path(tasks.source.__file__).parent.glob("*.py")]
    used = {code for text in sources for code in re.findall(r'BadSource\("(\w+)"', text)}
    used |= {code for _words, code in MEANINGS} | {"git_failed"}

    assert used == set(WORDS)


def test_a_sentence_names_the_entry():
    assert "../x" in sentence(BadSource("traversal", "../x"))
