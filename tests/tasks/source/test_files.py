import os

import pytest

from tasks.source.errors import BadSource
from tasks.source.files import write
from tasks.source.limits import Limits


def test_it_writes_texts_by_path(room):
    write({"crawl.py": "print('甲')\r\n", "a/b.txt": ""}, room / "into")

    assert (room / "into" / "crawl.py").read_bytes() == "print('甲')\r\n".encode()
    assert (room / "into" / "a" / "b.txt").read_bytes() == b""


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({}, "empty"),
        ({"../x": ""}, "traversal"),
        ({"": ""}, "empty_name"),
        ({"a/": ""}, "file_and_folder"),
        ({"a": "", "A": ""}, "collision"),
        ({"a": 1}, "not_text"),
        ({"a": "\ud800"}, "not_text"),
        ({"a\ud800": ""}, "control"),
        ({"a": "x" * 11}, "file_too_big"),
        ({"a": "x" * 9, "b": "x" * 9}, "too_big"),
        ({"a": "", "b": "", "c": "", "d": ""}, "too_many_files"),
    ],
)
def test_it_refuses_and_leaves_nothing(room, files, code):
    limits = Limits(files=3, file_bytes=10, total_bytes=15)
    with pytest.raises(BadSource) as caught:
        write(files, room / "into", limits)
    assert caught.value.code == code
    assert os.listdir(room) == []
