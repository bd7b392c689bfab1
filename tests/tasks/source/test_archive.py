import io
import os
import stat
import zipfile

import pytest

from tasks.source.archive import unpack
from tasks.source.errors import BadSource
from tasks.source.limits import Limits
from tests.tasks.source.archives import link, made, patched, renamed, special

SMALL = Limits(
    archive_bytes=100_000,
    files=5,
    total_bytes=3_000_000,
    file_bytes=2_500_000,
    depth=4,
    path_bytes=60,
    name_bytes=40,
)


def refused(file, room, limits=SMALL):
    """Return the code of the refusal, having seen that it left nothing behind."""
    with pytest.raises(BadSource) as caught:
        unpack(file, room / "into", limits)
    assert os.listdir(room) == []
    return caught.value.code


def test_it_unpacks_files_and_folders(room):
    unpack(made(("a.py", "print(1)"), ("pkg/b.txt", "乙"), ("empty/", "")), room / "into")

    assert (room / "into" / "a.py").read_text() == "print(1)"
    assert (room / "into" / "pkg" / "b.txt").read_text() == "乙"
    assert os.listdir(room) == ["into"]


def test_it_strips_a_single_folder_at_the_top(room):
    unpack(made(("shop/a.py", ""), ("shop/x/b.py", ""), ("__MACOSX/a", "")), room / "into")

    assert sorted(os.listdir(room / "into")) == ["a.py", "x"]


def test_it_leaves_out_byte_code_and_git(room):
    file = made(("a.py", ""), ("__pycache__/a.cpython-311.pyc", "x"), (".git/hooks/post", "x"))

    unpack(file, room / "into")

    assert os.listdir(room / "into") == ["a.py"]


def test_it_keeps_only_whether_a_file_may_be_executed(room):
    info = special("run.sh", stat.S_IFREG)
    info.external_attr = (stat.S_IFREG | 0o6777) << 16

    unpack(made((info, "#!/bin/sh"), ("a.py", "")), room / "into")

    assert stat.S_IMODE((room / "into" / "run.sh").stat().st_mode) == 0o755
    assert stat.S_IMODE((room / "into" / "a.py").stat().st_mode) == 0o644


def test_it_reads_names_written_by_a_chinese_windows(room):
    name = "爬虫.py".encode("gb18030")
    file = renamed(made(("x" * len(name), "")), b"x" * len(name), name)

    unpack(file, room / "into")

    assert os.listdir(room / "into") == ["爬虫.py"]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("../a.py", "traversal"),
        ("x/../../a.py", "traversal"),
        ("/etc/passwd", "absolute"),
        ("C:/a.py", "drive"),
        ("x\\a.py", "backslash"),
        ("a\nb.py", "control"),
        ("a\x7f.py", "control"),
        ("a/b/c/d/e.py", "depth"),
        ("n" * 41, "long_name"),
        ("/".join(["n" * 30] * 3), "long_name"),
        ("./", "empty_name"),
    ],
)
def test_it_refuses_a_name(room, name, code):
    assert refused(made(("good.py", ""), (name, "")), room) == code


def test_it_refuses_nul_in_a_name(room):
    assert refused(renamed(made(("aXb.py", "")), b"aXb.py", b"a\0b.py"), room) == "nul"


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        ("a.py", "A.py", "collision"),
        ("a.py", "a.py", "collision"),
        ("Pkg/a.py", "pkg/b.py", "collision"),
        ("straße.py", "STRASSE.py", "collision"),
        ("é.py", "e\u0301.py", "collision"),
        ("a", "a/b.py", "file_and_folder"),
        ("a/b.py", "a", "file_and_folder"),
    ],
)
def test_it_refuses_names_that_collide(room, first, second, code):
    assert refused(made((first, "1"), (second, "2")), room) == code


def test_it_refuses_links_and_devices(room):
    assert refused(made((link("a"), "/etc/passwd")), room) == "link"
    assert refused(made((special("a", stat.S_IFIFO), "")), room) == "device"
    assert refused(made((special("a", stat.S_IFBLK), "")), room) == "device"


def test_it_refuses_what_is_encrypted(room):
    assert refused(patched(made(("a", "x")), central={8: ("<H", 1)}), room) == "encrypted"


def test_it_refuses_unusual_compression(room):
    file = made(("a", "x"), compression=zipfile.ZIP_BZIP2)
    assert refused(file, room) == "compression"


def test_it_refuses_too_much(room):
    noise = os.urandom(90_000)
    assert refused(made((("a"), noise), ("b", noise)), room) == "archive_too_big"
    assert refused(made(*((f"{n}", "") for n in range(6))), room) == "too_many_files"
    assert refused(made(*((f"{n}/", "") for n in range(11))), room) == "too_many_files"
    big = made(("a", b"\0" * 2_600_000))
    assert refused(big, room) == "file_too_big"
    file = made(("a", b"\0" * 1_000_000), *((f"{n}", b"\0" * 1_000_000) for n in range(3)))
    assert refused(file, room) == "too_big"


def test_it_refuses_a_bomb_by_its_ratio(room):
    assert refused(made(("a", b"\0" * 2_000_000)), room) == "ratio"


def test_it_stops_inflating_where_the_archive_lies(room):
    bomb = made(("a", b"\0" * 2_000_000))
    said = patched(bomb, central={24: ("<L", 10)})
    assert refused(said, room) == "lying"
    short = patched(made(("a", "abc")), central={24: ("<L", 500)})
    assert refused(short, room) == "lying"


def test_it_refuses_overlapping_entries(room):
    file = made(("a", "x"), ("b", "y"))
    assert refused(patched(file, central={42: ("<L", 0)}, entry=1), room) == "overlap"


def test_it_refuses_a_damaged_file(room):
    file = patched(made(("a", "abc")), central={16: ("<L", 1)})
    assert refused(file, room) == "damaged"


@pytest.mark.parametrize(
    "content", [b"", b"PK", b"not a zip at all" * 100, b"PK\x05\x06" + b"\0" * 17]
)
def test_it_refuses_what_is_not_a_zip(room, content):
    assert refused(io.BytesIO(content), room) == "not_a_zip"


def test_it_refuses_an_archive_without_files(room):
    assert refused(made(("a/", "")), room) == "empty"


def test_every_cut_of_an_archive_is_refused_by_a_code(room):
    whole = made(("a.py", "print(1)" * 20), ("b/c.py", "x")).getvalue()
    for length in range(0, len(whole), 3):
        assert refused(io.BytesIO(whole[:length]), room) in ("not_a_zip", "damaged", "overlap")
