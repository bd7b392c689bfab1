"""Starts a PostgreSQL server for the tests, and ends it with them."""

import atexit
import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

INSTALLED = Path("/usr/lib/postgresql")


class NoServer(Exception):
    """PostgreSQL is not installed; the message says how to."""


def start() -> str:
    """Start a server that ends with this process; return its address as DATABASE_URL has it."""
    directory = Path(tempfile.mkdtemp(prefix="kumo-pg-"))
    port = free_port()
    if os.getuid() == 0:
        shutil.chown(directory, "postgres", "postgres")
    run("initdb", "-D", directory / "data", "-A", "trust", "-U", "postgres", "-E", "UTF8",
        "--locale=C.UTF-8", "--no-sync")  # fmt: skip
    options = f"-p {port} -k {directory} -c listen_addresses=127.0.0.1 -c fsync=off"
    log = directory / "log"
    run("pg_ctl", "-D", directory / "data", "-w", "-l", log, "-o", options, "start")
    atexit.register(stop, directory)
    return f"postgres://postgres@127.0.0.1:{port}/postgres"


def stop(directory: Path) -> None:
    run("pg_ctl", "-D", directory / "data", "-m", "immediate", "-w", "stop")
    shutil.rmtree(directory, ignore_errors=True)


def run(program: str, *arguments) -> None:
    """Run one of PostgreSQL's programs, which refuse to be run by root."""
    as_user = ("setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups")
    command = [str(binary(program)), *map(str, arguments)]
    subprocess.run(
        [*as_user, *command] if os.getuid() == 0 else command,
        check=True,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )


def binary(program: str) -> Path:
    found = sorted(INSTALLED.glob(f"*/bin/{program}")) or [shutil.which(program)]
    if not found[-1]:
        raise NoServer("PostgreSQL is not installed. Run: apt-get install postgresql")
    return Path(found[-1])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
