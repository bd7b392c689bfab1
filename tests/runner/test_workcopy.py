"""A private copy of a revision, and its removal."""

import os

from runner import workcopy


def test_it_copies_files_links_modes_and_times(tmp_path):
    source = tmp_path / "source"
    (source / "inner").mkdir(parents=True)
    (source / "inner" / "spider.py").write_text("print()")
    (source / "inner" / "spider.py").chmod(0o555)
    os.utime(source / "inner" / "spider.py", (1000, 1000))
    (source / "link").symlink_to("inner/spider.py")
    target = tmp_path / "target"

    workcopy.make(str(source), str(target))

    copied = target / "inner" / "spider.py"
    assert copied.read_text() == "print()"
    assert copied.stat().st_mode & 0o777 == 0o755
    assert copied.stat().st_mtime == 1000
    assert os.readlink(target / "link") == "inner/spider.py"


def test_it_removes_what_the_spider_made_unreadable(tmp_path):
    target = tmp_path / "target"
    (target / "closed").mkdir(parents=True)
    (target / "closed" / "file").touch()
    (target / "closed").chmod(0)

    workcopy.remove(str(target))

    assert not target.exists()
