import io
import random
import tarfile

import pytest

from backups import bundle


@pytest.fixture
def packed(tmp_path):
    content = tmp_path / "content"
    (content / "projects").mkdir(parents=True)
    (content / "projects" / "spider.py").write_text("print(1)\n" * 1000)
    # Nothing in it repeats: in what does, another bit may mean the same bytes.
    (content / "database.sqlite3").write_bytes(random.Random(7).randbytes(100_000))
    target = tmp_path / "kumo.tar.gz"
    bundle.pack(content, bundle.Manifest(kumo="1"), target)
    return target


def test_a_packed_backup_proves_itself_and_comes_out_whole(packed, tmp_path):
    manifest = bundle.unpack(packed, tmp_path / "out")
    assert set(manifest.files) == {"projects/spider.py", "database.sqlite3"}
    assert (tmp_path / "out/projects/spider.py").read_text() == "print(1)\n" * 1000
    assert packed.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("place", [0.1, 0.5, 0.9])
def test_one_flipped_bit_is_found(packed, place):
    data = bytearray(packed.read_bytes())
    data[int(len(data) * place)] ^= 1
    packed.write_bytes(data)
    with pytest.raises(bundle.BadBackup):
        bundle.verify(packed)


def test_a_cut_file_is_found(packed):
    packed.write_bytes(packed.read_bytes()[:-100])
    with pytest.raises(bundle.BadBackup):
        bundle.verify(packed)


def rewritten(packed, change):
    """Pack the same members anew, each passed through `change(name, data)`."""
    other = packed.with_name("other.tar.gz")
    with tarfile.open(packed) as old, tarfile.open(other, "w:gz") as new:
        for member in old:
            data = change(member.name, old.extractfile(member).read())
            if data is not None:
                member.size = len(data)
                new.addfile(member, io.BytesIO(data))
    return other


def test_a_changed_file_is_named(packed):
    other = rewritten(packed, lambda name, data: data + b"#" if name.endswith(".py") else data)
    with pytest.raises(bundle.BadBackup, match=r"projects/spider\.py is not what was backed up"):
        bundle.verify(other)


def test_a_missing_file_is_named(packed):
    other = rewritten(packed, lambda name, data: None if name.endswith(".py") else data)
    with pytest.raises(bundle.BadBackup, match=r"projects/spider\.py is missing"):
        bundle.verify(other)


def test_a_file_without_a_manifest_is_no_backup(packed, tmp_path):
    other = rewritten(packed, lambda name, data: None if name == bundle.MANIFEST else data)
    with pytest.raises(bundle.BadBackup):
        bundle.verify(other)


def test_what_fails_leaves_nothing_behind(tmp_path):
    content = tmp_path / "content"
    content.mkdir()
    target = tmp_path / "no" / "kumo.tar.gz"
    with pytest.raises(OSError, match="No such file"):
        bundle.pack(content, bundle.Manifest(), target)
    assert not list(tmp_path.rglob("*.part"))
