import os

import pytest

from tasks.source import tree
from tasks.source.errors import BadSource


@pytest.fixture
def content(tmp_path):
    root = tmp_path / "content"
    (root / "pkg" / "__pycache__").mkdir(parents=True)
    (root / "b.py").write_text("print('乙')")
    (root / "pkg" / "a.sh").write_text("#!/bin/sh")
    (root / "pkg" / "__pycache__" / "a.pyc").write_bytes(b"x")
    return root


def test_it_lists_files_without_byte_code(content):
    (content / "pkg" / "a.sh").chmod(0o755)

    assert tree.files(content) == [
        tree.File("b.py", 12, False),
        tree.File("pkg/a.sh", 9, True),
    ]


def test_the_hash_follows_paths_bytes_and_the_right_to_execute(content):
    first = tree.content_hash(content)
    os.utime(content / "b.py", (0, 0))
    (content / "pkg" / "__pycache__" / "b.pyc").write_bytes(b"y")
    assert tree.content_hash(content) == first

    (content / "b.py").chmod(0o755)
    executable = tree.content_hash(content)
    (content / "b.py").chmod(0o644)
    (content / "b.py").rename(content / "c.py")
    renamed = tree.content_hash(content)
    (content / "c.py").write_text("print('丙')")

    assert len({first, executable, renamed, tree.content_hash(content)}) == 4


def test_it_shows_a_file_up_to_a_limit(content):
    assert tree.view(content, "b.py") == tree.View("print('乙')", 12, False)
    # The limit falls inside a character.
    assert tree.view(content, "b.py", limit=8) == tree.View("print('", 12, True)


def test_it_shows_no_text_of_a_binary_file(content):
    (content / "x.bin").write_bytes(b"\x89PNG\0")
    assert tree.view(content, "x.bin").text is None


def test_it_shows_text_of_a_chinese_windows(content):
    (content / "x.txt").write_bytes("爬虫".encode("gb18030"))
    assert tree.view(content, "x.txt").text == "爬虫"


@pytest.mark.parametrize("name", ["gone.py", "pkg", "pipe", "out", "outside/passwd"])
def test_it_shows_only_files_that_are_inside(content, name):
    os.mkfifo(content / "pipe")
    (content / "out").symlink_to("/etc/passwd")
    (content / "outside").symlink_to("/etc")
    with pytest.raises(BadSource, match="no_file"):
        tree.view(content, name)


def test_it_shows_nothing_by_a_name_that_leads_out(content):
    with pytest.raises(BadSource, match="traversal"):
        tree.view(content, "../content/b.py")
