"""Runs uv for one build: its environment, its output into the log, its end in time."""

import contextlib
import os
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from envs.builder.order import Order

GRACE = 5.0
LOOK_EVERY = 0.5
CHUNK = 64 * 1024
# Enough for the report of any failure; uv puts its reasons at the end.
KEPT_BYTES = 256 * 1024
HIDDEN = b"******"
PASSED_ON = (
    *("PATH", "HOME", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE"),
    *("CONDA_OVERRIDE_CUDA", "CONDA_OVERRIDE_GLIBC"),
    *("http_proxy", "https_proxy", "no_proxy", "all_proxy"),
    *("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY"),
)


class Stopped(Exception):
    """The installer was ended from here: `code` is timeout or canceled."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


class Failed(Exception):
    """The installer, or the new interpreter, ended with an error; `output` is what it said."""

    def __init__(self, output: str):
        super().__init__(output[-200:])
        self.output = output


class Installer:
    """Commands of one build, which share a deadline, a log and the build's lock."""

    def __init__(self, order: Order, lock: int, log: Callable[[bytes], None]):
        self._order = order
        self._lock = lock
        self._log = log
        self._secrets = [secret.encode() for secret in order.secrets]
        self._deadline = time.monotonic() + order.timeout
        self._stop = ""
        self._kill_at: float | None = None

    def cancel(self) -> None:
        """Let what runs end at the next look, and start nothing more; fit for a signal handler."""
        self._stop = self._stop or "canceled"

    def uv(self, *arguments: str, is_logged: bool = True) -> bytes:
        argv = [find_uv(), *arguments, "--no-config", "--no-progress"]
        return self.run(argv, is_logged)

    def run(self, argv: list[str], is_logged: bool = True) -> bytes:
        """Return what the command printed; raise Failed or Stopped."""
        self.check()
        process = subprocess.Popen(
            argv,
            cwd=self._order.directory,
            env=environment(self._order),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT if is_logged else subprocess.DEVNULL,
            # Held by the installer too: while it writes, nobody may think the build is over.
            pass_fds=(self._lock,),
        )
        try:
            output = self._pump(process, is_logged)
        finally:
            end_children()
            process.stdout.close()
            code = process.wait()
        self.check()
        if code:
            raise Failed(output.decode(errors="replace"))
        return output

    def check(self) -> None:
        """Raise Stopped once somebody canceled or the time is over."""
        if not self._stop and time.monotonic() > self._deadline:
            self._stop = "timeout"
        if self._stop:
            raise Stopped(self._stop)

    def _pump(self, process: subprocess.Popen, is_logged: bool) -> bytes:
        """Read until the command has ended or was ended; return the last of what it printed."""
        kept, partial, stream = bytearray(), b"", process.stdout.fileno()
        while self._may_go_on():
            if not select.select([stream], [], [], LOOK_EVERY)[0]:
                if process.poll() is not None:
                    break
                continue
            chunk = os.read(stream, CHUNK)
            if not chunk:
                break
            whole, partial = _whole_lines(partial + chunk)
            self._take(whole, kept, is_logged)
        self._take(partial, kept, is_logged)
        return bytes(kept)

    def _take(self, text: bytes, kept: bytearray, is_logged: bool) -> None:
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        kept += text
        if is_logged and text:
            self._log(text)
            del kept[:-KEPT_BYTES]

    def _may_go_on(self) -> bool:
        """Ask what runs to end when it has to; False once it had its time for that."""
        with contextlib.suppress(Stopped):
            self.check()
            return True
        if self._kill_at is None:
            self._kill_at = time.monotonic() + GRACE
            for child in _children():
                with contextlib.suppress(psutil.NoSuchProcess):
                    child.terminate()
        return time.monotonic() < self._kill_at


def _whole_lines(text: bytes) -> tuple[bytes, bytes]:
    """Split after the last line end, so that masking sees whole lines; not without bound."""
    cut = text.rfind(b"\n") + 1
    return (text, b"") if len(text) - cut > CHUNK else (text[:cut], text[cut:])


def environment(order: Order) -> dict[str, str]:
    """Return the whole environment of an installer; the addresses of indexes are only here."""
    found = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    found |= {
        "LC_ALL": "C.UTF-8",
        "NO_COLOR": "1",
        "UV_CACHE_DIR": order.cache_dir,
        # What pip would bring is brought by uv.
        "CONDA_ADD_PIP_AS_PYTHON_DEPENDENCY": "false",
        "CONDA_PKGS_DIRS": f"{order.cache_dir}/conda-packages",
        "CONDA_ENVS_PATH": f"{order.cache_dir}/conda-environments",
        "UV_LINK_MODE": "hardlink",
        "UV_PYTHON_DOWNLOADS": "never",
        # Certificates of the machine, as pip and browsers use them.
        "UV_SYSTEM_CERTS": "1",
    }
    # uv asks UV_INDEX in its order and the default index last.
    if order.index_url:
        found["UV_DEFAULT_INDEX"] = order.indexes[-1]
        found["UV_INDEX"] = " ".join(order.indexes[:-1])
    elif order.extra_index_urls:
        found["UV_INDEX"] = " ".join(order.indexes)
    if order.find_links:
        found["UV_FIND_LINKS"] = ",".join(order.find_links)
    if order.trusted_hosts:
        found["UV_INSECURE_HOST"] = " ".join(order.trusted_hosts)
    if order.is_offline:
        found["UV_OFFLINE"] = "1"
    return {name: value for name, value in found.items() if value}


def find_uv() -> str:
    """Return the uv that was installed beside Kumo's own Python, else the one of PATH."""
    beside = Path(sys.executable).with_name("uv")
    return str(beside) if beside.exists() else shutil.which("uv") or "uv"


def end_children() -> None:
    """End every process of this build but the builder."""
    for child in _children():
        with contextlib.suppress(psutil.NoSuchProcess):
            child.kill()


def _children() -> list[psutil.Process]:
    """Return the other processes of the builder's session: orphans of a dead uv are in it too."""
    session, found = os.getsid(0), []
    for pid in psutil.pids():
        with contextlib.suppress(ProcessLookupError, PermissionError, psutil.NoSuchProcess):
            if pid != os.getpid() and os.getsid(pid) == session:
                found.append(psutil.Process(pid))
    return found
