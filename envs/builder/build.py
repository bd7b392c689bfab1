"""One build, phase by phase: resolve, make, install, verify, record."""

import hashlib
import json
import os
import platform
import shutil
import signal
import sysconfig
import time
from pathlib import Path, PurePosixPath

from envs import requirements
from envs.builder import outcome, place
from envs.builder.installer import Failed, Installer, Stopped
from envs.builder.order import Order
from envs.builder.outcome import Outcome
from envs.builder.reasons import first_error
from runner.logs.writer import LogWriter

ASK_PYTHON = (
    "import json, sys, sysconfig; print(json.dumps(["
    "'.'.join(map(str, sys.version_info[:3])), sys.implementation.cache_tag, "
    "sysconfig.get_platform()]))"
)


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
        self._found["lock"] = target.read_text(encoding="utf-8")

    def _compile(self, source: Path, target: Path) -> None:
        options = ["--no-header", "--no-annotate", "--python", self._order.python]
        if self._has_hashes:
            options.append("--generate-hashes")
        self._uv("pip", "compile", *options, "--output-file", str(target), str(source))

    def _venv(self) -> None:
        self._uv("venv", "--python", self._order.python, str(self._directory / place.VENV))

    def _install(self) -> None:
        if not self._found["lock"].strip():
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
        self._uv("pip", "check", "--python", self._python, needs_index=False)
        answer = self._installer.run([self._python, "-I", "-c", ASK_PYTHON], is_logged=False)
        version, tag, machine = json.loads(answer)
        self._found["python_version"] = version
        self._found["interpreter"] = self._python
        self._found["lock_hash"] = lock_hash(self._found["lock"], version, f"{tag} {machine}")

    def _record(self) -> None:
        arguments = ("pip", "list", "--format", "json", "--python", self._python)
        listed = json.loads(self._uv(*arguments, needs_index=False, is_logged=False))
        self._found["packages"] = [
            {"name": one["name"], "version": one["version"]} for one in listed
        ]
        self._found["size_bytes"] = size(self._directory / place.VENV)

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


def lock_hash(lock: str, python_version: str, machine: str = "") -> str:
    """Return the name of an environment by its content: packages, Python and platform."""
    machine = machine or f"{platform.python_implementation()} {sysconfig.get_platform()}"
    lines = sorted(" ".join(line.split()) for line in lock.splitlines() if line.strip())
    parts = [python_version, machine, *lines]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def size(directory: Path) -> int:
    """Return the bytes of the files below a directory, links of the cache counted as theirs."""
    total = 0
    for folder, _folders, files in os.walk(directory):
        total += sum(os.lstat(os.path.join(folder, name)).st_size for name in files)
    return total
