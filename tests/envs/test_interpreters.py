import sys
import venv

import pytest

from envs import interpreters


def made(path, text, mode=0o755):
    path.write_text(text)
    path.chmod(mode)
    return str(path)


def test_it_knows_the_python_that_runs_it():
    found = interpreters.probe(sys.executable)

    assert found.is_healthy
    assert found.version == ".".join(map(str, sys.version_info[:3]))
    assert (found.path, found.prefix) == (sys.executable, sys.prefix)


def test_it_keeps_the_path_of_a_virtual_environment(tmp_path):
    venv.create(tmp_path / "venv", symlinks=True)
    path = str(tmp_path / "venv" / "bin" / "python")

    found = interpreters.probe(path)

    assert (found.path, found.prefix) == (path, str(tmp_path / "venv"))


@pytest.mark.parametrize(
    ("text", "mode", "problem"),
    [
        ("#!/bin/sh\nexit 3\n", 0o755, "crashed"),
        ("#!/bin/sh\necho hello\n", 0o755, "not_python"),
        ("#!/bin/sh\necho '[1]'\n", 0o755, "not_python"),
        ("\x7fELF", 0o755, "not_python"),
        ("#!/nowhere/python\n", 0o755, "not_python"),
        ("#!/bin/sh\nkill -SEGV $$\n", 0o755, "crashed"),
        ("#!/bin/sh\n", 0o644, "not_executable"),
    ],
)
def test_it_says_what_is_wrong_with_others(tmp_path, text, mode, problem):
    found = interpreters.probe(made(tmp_path / "python", text, mode))
    assert (found.problem, found.is_healthy) == (problem, False)


def test_it_says_that_none_is_there(tmp_path):
    assert interpreters.probe(str(tmp_path / "python")).problem == "missing"
    assert interpreters.probe(str(tmp_path)).problem == "missing"


def test_it_does_not_wait_for_one_that_hangs(tmp_path):
    path = made(tmp_path / "python", "#!/bin/sh\nsleep 600 & sleep 600\n")
    assert interpreters.probe(path, timeout=1).problem == "no_answer"


def test_it_does_not_read_without_end(tmp_path):
    path = made(tmp_path / "python", "#!/bin/sh\nexec yes\n")
    assert interpreters.probe(path, timeout=60).problem in ("crashed", "not_python")


def test_an_old_one_and_an_incomplete_one_are_named():
    old = b'{"version": [3, 6, 15], "prefix": "/", "implementation": "cpython", "missing": []}'
    bare = (
        b'{"version": [3, 12, 1], "prefix": "/", "implementation": "cpython", "missing": ["ssl"]}'
    )

    assert interpreters._read("p", 0, old).problem == "too_old"
    incomplete = interpreters._read("p", 0, bare)
    assert (incomplete.problem, incomplete.detail) == ("no_module", "ssl")


def test_it_finds_those_of_path_pyenv_and_uv_once(tmp_path, monkeypatch):
    for place in ("bin", "pyenv/versions/3.11.9/bin", "uv/cpython-3.12/bin", "pyenv/shims"):
        (tmp_path / place).mkdir(parents=True)
        made(tmp_path / place / "python3", f"#!/bin/sh\necho {place}\n")
    (tmp_path / "bin" / "python3.11").symlink_to("python3")
    made(tmp_path / "bin" / "python3-config", "#!/bin/sh\n")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{tmp_path / 'pyenv/shims'}:relative")
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    monkeypatch.setenv("UV_PYTHON_INSTALL_DIR", str(tmp_path / "uv"))

    found = [one.path for one in interpreters.find() if one.path.startswith(str(tmp_path))]

    assert sorted(path.removeprefix(f"{tmp_path}/") for path in found) == [
        "bin/python3",
        "pyenv/versions/3.11.9/bin/python3",
        "uv/cpython-3.12/bin/python3",
    ]
