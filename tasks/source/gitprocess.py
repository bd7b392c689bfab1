"""Runs git without questions, hooks or settings of this machine, inside bounds of time and size."""

import contextlib
import os
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from tasks.source.errors import BadSource

CHECK_EVERY = 0.2
PASSED_ON = (
    *("PATH", "HOME", "SSH_AUTH_SOCK", "SSL_CERT_FILE", "SSL_CERT_DIR", "GIT_SSL_CAINFO"),
    *("http_proxy", "https_proxy", "no_proxy", "all_proxy"),
    *("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY"),
)
SAFE = ("core.hooksPath=/dev/null", "core.fsmonitor=false", "core.symlinks=false", "gc.auto=0")
# An unknown host is believed once and pinned then: nobody is there to answer ssh's question.
SSH = "ssh -o BatchMode=yes -o ConnectTimeout=20 -o StrictHostKeyChecking=accept-new"
# What git says, in lower case and in this order, and what it means.
MEANINGS = (
    ("couldn't find remote ref", "git_no_ref"),
    ("not our ref", "git_no_ref"),
    ("no such ref", "git_no_ref"),
    ("could not resolve", "git_network"),
    ("timed out", "git_network"),
    ("failed to connect", "git_network"),
    ("connection refused", "git_network"),
    ("certificate", "git_network"),
    ("permission denied", "git_access"),
    ("authentication failed", "git_access"),
    ("terminal prompts disabled", "git_access"),
    ("host key verification failed", "git_access"),
    ("not found", "git_no_repository"),
    ("does not appear to be a git repository", "git_no_repository"),
    ("does not exist", "git_no_repository"),
)


class Git:
    """Git on one private repository; one deadline and one size for all its commands."""

    def __init__(
        self,
        store: Path,
        tree: Path,
        protocols: Sequence[str],
        timeout: float,
        size: int,
        cancel: threading.Event | None,
    ):
        self._store = store
        self._tree = tree
        self._options = _options(protocols)
        self._deadline = time.monotonic() + timeout
        self._size = size
        self._cancel = cancel or threading.Event()

    def run(self, *arguments: str) -> bytes:
        """Return what git printed, or raise BadSource with the code of what went wrong."""
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            try:
                process = subprocess.Popen(
                    ["git", *self._options, *arguments],
                    cwd=self._tree,
                    env=self._environment(),
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=err,
                    start_new_session=True,
                )
            except FileNotFoundError:
                raise BadSource("git_missing") from None
            try:
                self._wait(process)
            finally:
                _end(process)
            err.seek(0)
            if process.returncode:
                raise _meant(err.read(64 * 1024).decode(errors="replace"))
            out.seek(0)
            return out.read()

    def _wait(self, process: subprocess.Popen) -> None:
        while True:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(CHECK_EVERY)
                return
            if self._cancel.is_set():
                raise BadSource("git_canceled")
            if time.monotonic() > self._deadline:
                raise BadSource("git_timeout")
            if _size(self._store) > self._size:
                raise BadSource("too_big", str(self._size))

    def _environment(self) -> dict[str, str]:
        passed_on = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        return passed_on | {
            "GIT_DIR": str(self._store),
            "GIT_WORK_TREE": str(self._tree),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_ATTR_NOSYSTEM": "1",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_ASKPASS": "true",
            "GIT_SSH_COMMAND": SSH,
            "GIT_LFS_SKIP_SMUDGE": "1",
            "LC_ALL": "C",
        }


def _options(protocols: Sequence[str]) -> list[str]:
    allowed = (f"protocol.{name}.allow=always" for name in protocols)
    settings = ("protocol.allow=never", *allowed, *SAFE)
    return [part for setting in settings for part in ("-c", setting)]


def _end(process: subprocess.Popen) -> None:
    """End git with its helpers (ssh, index-pack): they share its session."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _size(directory: Path) -> int:
    total = 0
    for folder, _folders, files in os.walk(directory):
        for name in files:
            # Git's temporary files go while we look.
            with contextlib.suppress(FileNotFoundError):
                total += os.lstat(os.path.join(folder, name)).st_size
    return total


def _meant(text: str) -> BadSource:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    detail = next((line for line in lines if line.startswith("fatal:")), lines[-1] if lines else "")
    lowered = text.lower()
    code = next((code for words, code in MEANINGS if words in lowered), "git_failed")
    return BadSource(code, detail.removeprefix("fatal: "))
