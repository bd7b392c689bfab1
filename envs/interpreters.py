"""The Pythons of this machine, and whether they are fit to run spiders."""

import contextlib
import json
import os
import re
import signal
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

OLDEST = (3, 8)
TIMEOUT = 10.0
ANSWER_BYTES = 16 * 1024
NAME = re.compile(r"(python|pypy)3?(\.\d+)?t?")
QUESTION = """
import json, sys
missing = []
for name in ("ssl", "sqlite3", "zlib", "venv"):
    try:
        __import__(name)
    except ImportError:
        missing.append(name)
print(json.dumps({
    "version": list(sys.version_info[:3]), "prefix": sys.prefix, "missing": missing,
    "implementation": sys.implementation.name,
}))
"""


@dataclass(frozen=True)
class Interpreter:
    """A Python by its path.

    `version` is like "3.11.2", empty where it did not answer. `problem` is empty for a
    healthy one, else one of: missing, not_executable, not_python, no_answer, crashed,
    too_old, no_module; `detail` is the module, the version or what it printed.
    """

    path: str
    version: str = ""
    prefix: str = ""
    implementation: str = ""
    problem: str = ""
    detail: str = ""

    @property
    def is_healthy(self) -> bool:
        return not self.problem


def find() -> list[Interpreter]:
    """Return the Pythons of PATH, of the system, of pyenv and of uv, each once, newest first."""
    found = {}
    for path in _candidates():
        found.setdefault(os.path.realpath(path), path)
    probed = [probe(path) for path in found]
    return sorted(probed, key=lambda one: (one.is_healthy, _numbers(one.version)), reverse=True)


def probe(path: str, timeout: float = TIMEOUT) -> Interpreter:
    """Ask the Python at `path`; never raises. The path is kept: a venv's own is a link."""
    if not os.path.isfile(path):
        return Interpreter(path, problem="missing")
    if not os.access(path, os.X_OK):
        return Interpreter(path, problem="not_executable")
    try:
        code, output = _ask([path, "-I", "-c", QUESTION], timeout)
    except OSError as error:
        return Interpreter(path, problem="not_python", detail=error.strerror or "")
    if code is None:
        return Interpreter(path, problem="no_answer", detail=f"{timeout:g} s")
    return _read(path, code, output)


def _read(path: str, code: int, output: bytes) -> Interpreter:
    text = output.decode(errors="replace").strip()
    if code:
        return Interpreter(path, problem="crashed", detail=text[-300:])
    try:
        answer = json.loads(text)
        version = ".".join(str(int(number)) for number in answer["version"])
        known = (path, version, str(answer["prefix"]), str(answer["implementation"]))
        missing = [str(name) for name in answer["missing"]]
    except (ValueError, KeyError, TypeError):
        return Interpreter(path, problem="not_python", detail=text[:300])
    if _numbers(version) < OLDEST:
        return Interpreter(*known, problem="too_old", detail=version)
    if missing:
        return Interpreter(*known, problem="no_module", detail=", ".join(missing))
    return Interpreter(*known)


def _ask(argv: list[str], timeout: float) -> tuple[int | None, bytes]:
    """Return exit code and the first bytes printed; the code is None when time ran out."""
    environment = {"PATH": os.defpath, "LC_ALL": "C.UTF-8"}
    process = subprocess.Popen(
        argv,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=environment,
        start_new_session=True,
    )
    is_late = threading.Event()

    def give_up():
        is_late.set()
        _end(process)

    timer = threading.Timer(timeout, give_up)
    timer.start()
    try:
        output = process.stdout.read(ANSWER_BYTES)
        if len(output) == ANSWER_BYTES:
            _end(process)
        code = process.wait()
    finally:
        timer.cancel()
        _end(process)
        process.stdout.close()
    return (None if is_late.is_set() else code), output


def _end(process: subprocess.Popen) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def _candidates() -> Iterator[str]:
    for folder in _folders():
        if (folder.parent / "pyvenv.cfg").exists() or folder.name == "shims":
            continue
        with contextlib.suppress(OSError):
            for path in sorted(folder.iterdir()):
                if NAME.fullmatch(path.name) and os.access(path, os.X_OK) and path.is_file():
                    yield str(path)


def _folders() -> Iterator[Path]:
    home = Path.home()
    system = ["/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"]
    for name in [*os.environ.get("PATH", "").split(os.pathsep), *system]:
        if os.path.isabs(name):
            yield Path(name)
    pyenv = Path(os.environ.get("PYENV_ROOT") or home / ".pyenv")
    data = Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    uv = Path(os.environ.get("UV_PYTHON_INSTALL_DIR") or data / "uv" / "python")
    for root in (pyenv / "versions", uv):
        yield from sorted(root.glob("*/bin"))


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in version.split(".")) if version else ()
