import subprocess

import pytest

from envs.builder import clone


@pytest.fixture
def original(tmp_path):
    """A small environment with a program that names its own place, bytecode and a link."""
    root = tmp_path / "one" / "venv"
    package = root / "lib" / "package"
    (package / "__pycache__").mkdir(parents=True)
    (root / "bin").mkdir()
    (package / "code.py").write_text("VALUE = 1\n")
    (package / "__pycache__" / "code.pyc").write_bytes(b"bytecode")
    program = root / "bin" / "program"
    program.write_text(f"#!/bin/sh\necho {root}/here\n")
    program.chmod(0o755)
    (root / "bin" / "sh").symlink_to("/bin/sh")
    (root / "lib64").symlink_to("lib")
    return root


def cloned(original, tmp_path):
    target = tmp_path / "two" / "venv"
    target.parent.mkdir()
    clone.clone(original, target, clone.size(original))
    return target


def test_files_are_shared_and_links_stay_links(original, tmp_path):
    target = cloned(original, tmp_path)

    code = "lib/package/code.py"
    assert (target / code).stat().st_ino == (original / code).stat().st_ino
    assert (target / "lib64").readlink() == (original / "lib64").readlink()
    assert (target / "lib64" / "package" / "code.py").exists()
    assert clone.size(target) == clone.size(original)


def test_programs_name_their_new_place_and_the_old_ones_stay(original, tmp_path):
    target = cloned(original, tmp_path)

    for root in (original, target):
        said = subprocess.run([root / "bin" / "program"], capture_output=True, check=True)
        assert said.stdout.decode().strip() == f"{root}/here"


def test_replacing_a_file_happens_to_one_alone(original, tmp_path):
    target = cloned(original, tmp_path)
    code = target / "lib" / "package" / "code.py"
    code.unlink()
    code.write_text("VALUE = 2\n")

    assert (original / "lib" / "package" / "code.py").read_text() == "VALUE = 1\n"


def test_bytecode_that_was_added_later_does_not_matter(original, tmp_path):
    before = clone.size(original)
    (original / "lib" / "package" / "__pycache__" / "more.pyc").write_bytes(b"more")

    assert clone.size(original) == before
    cloned(original, tmp_path)


def test_what_was_changed_is_not_copied(original, tmp_path):
    before = clone.size(original)
    (original / "lib" / "package" / "added.py").write_text("x")

    with pytest.raises(clone.Changed):
        clone.clone(original, tmp_path / "two", before)
