"""One build, phase by phase: resolve, make, install, verify, record."""

import contextlib
import json
import os
import shutil
import signal
import time
from pathlib import Path, PurePosixPath

from envs import requirements
from envs.builder import clone, locks, outcome, place
from envs.builder.installer import Failed, Installer, Stopped
from envs.builder.order import Order
from envs.builder.outcome import Outcome
from envs.builder.reasons import first_error
from runner.logs.writer import LogWriter
from runner.sockets import ring


class Build:
    """The work of a builder; whatever happens, it leaves an outcome and no half environment."""

    def __init__(self, order: Order, lock: int):
        self._order = order
        self._directory = Path(order.directory)
        self._log = LogWriter(self._directory, order.log_limit)
        self._installer = Installer(order, lock, self._say)
        self._found = {"key": order.key, "started_at": time.time()}
        self._phases: dict[str, float] = {}
        self._phase = ""
        self._is_linked = False

    def run(self) -> None:
        signal.signal(signal.SIGTERM, lambda *_: self._installer.cancel())
        try:
            ended = self._made()
        except Stopped as stopped:
            status = outcome.CANCELED if stopped.code == "canceled" else outcome.FAILED
            ended = self._ended(status, stopped.code)
        except Failed as failed:
            ended = self._ended(outcome.FAILED, *first_error(failed.output))
        except OSError as error:
            ended = self._ended(outcome.FAILED, *first_error(str(error)))
        # Nobody above could tell of anything else: it is told here.
        except Exception as error:  # noqa: BLE001
            ended = self._ended(outcome.FAILED, "internal", repr(error))
        if not ended.is_ready:
            shutil.rmtree(self._directory / place.VENV, ignore_errors=True)
        self._finish(ended)

    def _made(self) -> Outcome:
        for phase in (self._resolve, self._venv, self._install, self._verify, self._record):
            self._enter(phase.__name__.strip("_"))
            phase()
        return self._ended(outcome.READY)

    def _enter(self, phase: str) -> None:
        self._leave()
        self._phase, self._entered = phase, time.monotonic()
        place.write_progress(self._directory, place.Progress(phase, time.time(), os.getpid()))
        self._say(f"==> {phase}\n".encode())
        self._ring()
        if place.is_cancel_asked(self._directory):
            self._installer.cancel()
        self._installer.check()

    def _leave(self) -> None:
        if self._phase:
            self._phases[self._phase] = round(time.monotonic() - self._entered, 3)

    def _resolve(self) -> None:
        """Write the lock: every package with its version (and hashes, where they were given)."""
        target = self._directory / place.LOCKED
        if self._order.lock:
            target.write_text(self._order.lock, encoding="utf-8")
        else:
            self._compile(self._write_inputs(), target)
        lock = self._found["lock"] = target.read_text(encoding="utf-8")
        self._found["lock_hash"] = locks.lock_hash(lock, *self._asked(self._base_python()))

    def _base_python(self) -> str:
        """Return the path of the Python that was asked for."""
        python = self._order.python
        if os.path.isabs(python):
            return python
        return self._uv("python", "find", python, is_logged=False).decode().strip()

    def _asked(self, python: str) -> tuple[str, str]:
        """Return version and platform of a Python, and where its packages come from."""
        answer = self._installer.run([python, "-I", "-c", locks.ASK_PYTHON], is_logged=False)
        version, *machine = json.loads(answer)
        return version, " ".join([*machine, *locks.origins(self._order)])

    def _compile(self, source: Path, target: Path) -> None:
        options = ["--no-header", "--no-annotate", "--python", self._order.python]
        if self._has_hashes:
            options.append("--generate-hashes")
        self._uv("pip", "compile", *options, "--output-file", str(target), str(source))

    def _venv(self) -> None:
        self._is_linked = bool(self._order.by_lock) and self._link()
        if not self._is_linked:
            self._make_venv()

    def _link(self) -> bool:
        """Make the environment from one of the same lock; return False where that cannot be."""
        found = clone.source_for(Path(self._order.by_lock), self._found["lock_hash"])
        if found is None:
            return False
        source, was = found
        try:
            clone.clone(source / place.VENV, self._directory / place.VENV, was.size_bytes)
        except (OSError, clone.Changed) as problem:
            # The other one may be removed at this moment: then it is made as usual.
            self._say(f"not linked to build {source.name}: {problem}\n".encode())
            shutil.rmtree(self._directory / place.VENV, ignore_errors=True)
            return False
        self._say(f"linked to build {source.name}, which has the same lock\n".encode())
        self._found |= {"packages": was.packages, "size_bytes": was.size_bytes}
        return True

    def _make_venv(self) -> None:
        self._uv("venv", "--python", self._order.python, str(self._directory / place.VENV))

    def _install(self) -> None:
        if self._is_linked or not self._found["lock"].strip():
            return
        options = ["--python", self._python]
        # Hashes that people gave must hold; the lock's own are those of the index.
        listed = self._directory / place.LOCKED
        if self._has_hashes:
            options.append("--require-hashes")
        if self._has_hashes and not self._order.lock:
            listed = self._directory / place.INPUTS / "requirements.in"
        self._uv("pip", "install", *options, "--requirements", str(listed))

    def _verify(self) -> None:
        if not self._is_linked:
            self._uv("pip", "check", "--python", self._python, needs_index=False)
        self._found["python_version"], _machine = self._asked(self._python)
        self._found["interpreter"] = self._python

    def _record(self) -> None:
        if self._is_linked:
            return
        arguments = ("pip", "list", "--format", "json", "--python", self._python)
        listed = json.loads(self._uv(*arguments, needs_index=False, is_logged=False))
        self._found["packages"] = [
            {"name": one["name"], "version": one["version"]} for one in listed
        ]
        self._found["size_bytes"] = clone.size(self._directory / place.VENV)

    @property
    def _python(self) -> str:
        return str(self._directory / place.VENV / "bin" / "python")

    @property
    def _has_hashes(self) -> bool:
        return requirements.has_hashes(self._order.lock or self._order.requirements)

    def _uv(self, *arguments: str, needs_index: bool = True, is_logged: bool = True) -> bytes:
        has_option = needs_index and not self._order.has_index and arguments[0] == "pip"
        option = ("--no-index",) if has_option else ()
        return self._installer.uv(*arguments, *option, is_logged=is_logged)

    def _write_inputs(self) -> Path:
        inputs = self._directory / place.INPUTS
        for name, text in self._order.files.items():
            path = PurePosixPath(name)
            if path.is_absolute() or ".." in path.parts:
                raise Failed(f"error: Invalid requirement file: {name}")
            (inputs / path).parent.mkdir(parents=True, exist_ok=True)
            (inputs / path).write_text(text, encoding="utf-8")
        inputs.mkdir(exist_ok=True)
        source = inputs / "requirements.in"
        source.write_text(self._order.requirements, encoding="utf-8")
        return source

    def _say(self, text: bytes) -> None:
        self._log.write(text)
        self._log.flush()

    def _ended(self, status: str, reason: str = "", detail: str = "") -> Outcome:
        self._leave()
        return Outcome(
            **self._found,
            status=status,
            reason=reason,
            detail=detail,
            phase=self._phase,
            phases=self._phases,
            finished_at=time.time(),
        )

    def _finish(self, ended: Outcome) -> None:
        self._say(f"==> {ended.status} {ended.reason}".strip().encode() + b"\n")
        self._log.close()
        place.write_outcome(self._directory, ended)
        if ended.is_ready and self._order.by_lock:
            with contextlib.suppress(OSError):
                clone.publish(self._directory, Path(self._order.by_lock), ended.lock_hash)
        self._ring()

    def _ring(self) -> None:
        if self._order.bell:
            ring(self._order.bell, f"build {self._order.key}")
