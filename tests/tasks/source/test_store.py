import stat

from tasks.source import store, tree
from tasks.source.files import write


def kept(root, files):
    with store.private(root) as private:
        write(files, private / "content")
        return store.keep(private / "content", root)


def test_it_keeps_a_content_by_its_hash_compiled_and_read_only(tmp_path):
    root = tmp_path / "shop"
    content_hash, path = kept(root, {"a/b.py": "x = 1", "run.sh": ""})

    assert path == root / content_hash[:16]
    assert content_hash == tree.content_hash(path)
    assert len(list(path.glob("a/__pycache__/b.*.pyc"))) == 1
    assert list(root.iterdir()) == [path]
    modes = {stat.S_IMODE(one.stat().st_mode) for one in [path, *path.rglob("*")]}
    assert modes == {0o555, 0o444}
    store.remove(path)
    assert list(root.iterdir()) == []


def test_the_same_content_is_kept_once(tmp_path):
    root = tmp_path / "shop"
    first = kept(root, {"a.py": "x = 1"})
    made_at = first[1].stat().st_ctime_ns
    inode = first[1].stat().st_ino

    assert kept(root, {"a.py": "x = 1"}) == first
    assert first[1].stat().st_ino == inode
    assert first[1].stat().st_ctime_ns >= made_at
    assert kept(root, {"a.py": "x = 2"}) != first
    assert len(list(root.iterdir())) == 2
    for path in list(root.iterdir()):
        store.remove(path)
