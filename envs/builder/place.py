"""A build's directory: its lock, its progress, its outcome."""

import contextlib
import fcntl
import json
import os
import signal
from dataclasses import asdict, dataclass
from pathlib import Path

from envs.builder.outcome import Outcome

LOCK, PROGRESS, OUTCOME, CANCEL = "lock", "progress.json", "outcome.json", "cancel"
INPUTS, LOCKED, VENV = "inputs", "requirements.lock", "venv"


@dataclass(frozen=True)
class Progress:
    """The phase a build is in, since when (seconds since 1970), and the builder's process."""

    phase: str
    started_at: float
    pid: int


def hold(directory: Path) -> int:
    """Lock the directory; return the descriptor that holds it until its last copy closes.

    Raises BlockingIOError when a builder holds it. No reuse of process ids can fool it.
    """
    descriptor = os.open(directory / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def is_held(directory: Path) -> bool:
    """Tell whether a builder, or an installer that it started, is still at work there."""
    try:
        descriptor = os.open(directory / LOCK, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def cancel(directory: Path) -> bool:
    """Ask the builder to stop; return False when none is at work. Asking twice does no harm."""
    if not is_held(directory):
        return False
    (directory / CANCEL).touch()
    progress = read_progress(directory)
    if progress:
        # The group is the builder's own session: whatever it started hears it too.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(progress.pid, signal.SIGTERM)
    return True


def is_cancel_asked(directory: Path) -> bool:
    return (directory / CANCEL).exists()


def read_progress(directory: Path) -> Progress | None:
    text = _read(directory / PROGRESS)
    return Progress(**json.loads(text)) if text else None


def write_progress(directory: Path, progress: Progress) -> None:
    _write(directory / PROGRESS, json.dumps(asdict(progress)))


def read_outcome(directory: Path) -> Outcome | None:
    """Return how the build ended, or None while it has not (or was lost: see `is_held`)."""
    text = _read(directory / OUTCOME)
    return Outcome.from_json(text) if text else None


def write_outcome(directory: Path, outcome: Outcome) -> None:
    _write(directory / OUTCOME, outcome.to_json())


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""


def _write(path: Path, text: str) -> None:
    temporary = path.with_name(path.name + ".new")
    with temporary.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    temporary.rename(path)
