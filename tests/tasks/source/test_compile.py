import shutil
import subprocess
import sys

from tasks.source.compile import compile_tree


def test_byte_code_is_good_in_a_copy_with_new_times(tmp_path):
    root = tmp_path / "content"
    (root / "pkg").mkdir(parents=True)
    (root / "pkg" / "__init__.py").write_text("print('from source')")
    assert compile_tree(root) == []
    # What is imported is the byte code: the source says something else by now.
    copy = tmp_path / "copy"
    shutil.copytree(root, copy)
    (copy / "pkg" / "__init__.py").write_text("print('changed')")

    code = f"import sys; sys.path.insert(0, {str(copy)!r}); import pkg"
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, check=True)

    assert done.stdout.decode().strip() == "from source"


def test_it_names_files_that_are_not_python_and_compiles_the_others(tmp_path):
    (tmp_path / "a.py").write_text("x = 1\nif:\n")
    (tmp_path / "b.py").write_bytes(b"x = '\xff'")
    (tmp_path / "c.py").write_text("(" * 5000)
    (tmp_path / "d.py").write_text("x = '\\d'")

    problems = compile_tree(tmp_path)

    assert [problem.path for problem in problems] == ["a.py", "b.py", "c.py"]
    assert problems[0].line == 2
    assert problems[0].detail == "invalid syntax"
    assert len(list((tmp_path / "__pycache__").iterdir())) == 1


def test_it_runs_nothing(tmp_path):
    (tmp_path / "a.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')")
    compile_tree(tmp_path)
    assert not (tmp_path / "ran").exists()
