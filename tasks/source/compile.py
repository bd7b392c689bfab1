"""Compiles a content's Python files once; run by path, it is the process that does so."""

import json
import os
import py_compile
import subprocess
import sys
import warnings
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Problem:
    """A file that is not valid Python: path inside the content, line or 0, and what is wrong."""

    path: str
    line: int
    detail: str


def compile_tree(root: Path, timeout: float = 60) -> list[Problem]:
    """Write byte code beside every .py file below `root`; return the files that do not compile.

    Byte code is checked by nothing at import (PEP 552, unchecked), so it stays good in a
    copy with new times. No code of the content runs; it is read in a process of its own,
    because hostile sources can crash a compiler. What is not done in time stays uncompiled.
    """
    command = [sys.executable, "-I", "-S", __file__, str(root)]
    try:
        done = subprocess.run(
            command, capture_output=True, stdin=subprocess.DEVNULL, timeout=timeout, check=False
        )
    except subprocess.TimeoutExpired as late:
        return _problems(late.stdout or b"")
    return _problems(done.stdout)


def _problems(output: bytes) -> list[Problem]:
    complete = output[: output.rfind(b"\n") + 1]
    return [Problem(**json.loads(line)) for line in complete.splitlines()]


def _compile(root: Path, path: Path) -> dict | None:
    inside = path.relative_to(root).as_posix()
    try:
        py_compile.compile(
            str(path),
            dfile=inside,
            doraise=True,
            invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
        )
    except py_compile.PyCompileError as error:
        cause = error.exc_value
        line = getattr(cause, "lineno", None) or 0
        return {"path": inside, "line": line, "detail": getattr(cause, "msg", None) or str(cause)}
    except (OSError, ValueError, RecursionError, MemoryError) as error:
        return {"path": inside, "line": 0, "detail": str(error) or type(error).__name__}
    return None


def main() -> None:
    warnings.simplefilter("ignore")
    root = Path(sys.argv[1])
    for folder, folders, files in os.walk(root):
        folders.sort()
        for name in sorted(files):
            if name.endswith(".py") and (problem := _compile(root, Path(folder, name))):
                print(json.dumps(problem), flush=True)


if __name__ == "__main__":
    main()
