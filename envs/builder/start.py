"""Starts a builder, detached, with its order on standard input."""

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

from envs.builder import place
from envs.builder.order import Order

MAIN = Path(__file__).with_name("main.py")


class AlreadyStarted(Exception):
    """There is a build in this directory: a directory is built once."""


def start(order: Order) -> int:
    """Start a builder and return its process id at once; raise AlreadyStarted, or OSError.

    The directory is locked before the builder exists and the lock is inherited, so there
    is no moment in which a started build looks lost.
    """
    directory = Path(order.directory)
    directory.parent.mkdir(parents=True, exist_ok=True)
    try:
        directory.mkdir(mode=0o755)
    except FileExistsError:
        raise AlreadyStarted(order.directory) from None
    lock = place.hold(directory)
    try:
        return _spawn(order, lock)
    except OSError:
        shutil.rmtree(directory, ignore_errors=True)
        raise
    finally:
        os.close(lock)


def _spawn(order: Order, lock: int) -> int:
    process = subprocess.Popen(
        [sys.executable, "-I", str(MAIN), str(lock)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        pass_fds=(lock,),
        start_new_session=True,
    )
    with process.stdin as stream:
        stream.write(order.to_json().encode())
    # Who starts builds lives long: somebody has to take the exit status, or zombies gather.
    threading.Thread(target=process.wait, daemon=True).start()
    return process.pid
