"""Starts a spider as its order says, or tells exactly why it cannot be started."""

import contextlib
import errno
import os
import subprocess
from dataclasses import dataclass

from runner import limits, tree, workcopy
from runner.order import Order
from runner.spool import Spool


@dataclass
class CannotStart(Exception):
    """`reason` is a code, `detail` what it is about."""

    reason: str
    detail: str = ""


@dataclass(frozen=True)
class Spider:
    """A started process: its id and the reading end of the pipe it prints to."""

    pid: int
    output: int


def start(order: Order, spool: Spool, group: limits.MemoryGroup) -> Spider:
    """Start the spider in a new session; raises CannotStart."""
    try:
        directory = _directory(order, spool)
        if order.state_dir:
            os.makedirs(order.state_dir, 0o700, exist_ok=True)
        return _spawn(order, spool, group, directory)
    except OSError as problem:
        raise CannotStart(*explain(problem)) from problem


def explain(problem: OSError) -> tuple[str, str]:
    """Return the reason's code and detail for what the system refused."""
    if problem.errno in (errno.ENOSPC, errno.EDQUOT):
        return "disk_full", str(problem.filename or "")
    if problem.errno in (errno.EACCES, errno.EPERM):
        return "not_permitted", str(problem.filename or "")
    return "system_error", str(problem)


def _directory(order: Order, spool: Spool) -> str:
    """Make the private copy and return the directory in it that the spider starts in."""
    if order.source is None:
        os.mkdir(spool.work, 0o700)
    elif os.path.isdir(order.source):
        workcopy.make(order.source, spool.work)
    else:
        raise CannotStart("no_directory", order.source)
    root = os.path.realpath(spool.work)
    directory = os.path.realpath(os.path.join(root, order.workdir))
    if not os.path.isdir(directory) or os.path.commonpath([root, directory]) != root:
        raise CannotStart("no_workdir", order.workdir)
    return directory


def _spawn(order: Order, spool: Spool, group: limits.MemoryGroup, directory: str) -> Spider:
    reading, writing = os.pipe2(os.O_CLOEXEC)
    wanted = limits.rlimits(order)
    try:
        with group.joined(), limits.inherited(wanted):
            pid = _popen(order, _environment(order, spool), directory, writing)
    except BaseException:
        os.close(reading)
        raise
    finally:
        os.close(writing)
    limits.fix(pid, wanted)
    os.set_blocking(reading, False)
    return Spider(pid, reading)


def _popen(order: Order, env: dict[str, str], directory: str, writing: int) -> int:
    if not order.argv or not order.argv[0]:
        raise CannotStart("no_command")
    try:
        process = subprocess.Popen(
            order.argv,
            env=env,
            cwd=directory,
            stdin=subprocess.DEVNULL,
            stdout=writing,
            stderr=writing,
            start_new_session=True,
        )
    except FileNotFoundError:
        raise CannotStart(*_missing(order)) from None
    except PermissionError:
        raise CannotStart("not_permitted", order.argv[0]) from None
    except ValueError as problem:
        raise CannotStart("no_command", str(problem)) from None
    except OSError as problem:
        if problem.errno in (errno.ENOEXEC, errno.E2BIG, errno.ENAMETOOLONG, errno.ENOTDIR):
            raise CannotStart("no_command", order.argv[0]) from None
        raise
    # It is reaped by the supervisor's reaper, with everything else of its tree.
    process.returncode = 0
    return process.pid


def _missing(order: Order) -> tuple[str, str]:
    program = order.argv[0]
    if os.path.basename(program).startswith("python"):
        return "no_interpreter", program
    if "/" in program and os.path.exists(program):
        with contextlib.suppress(OSError), open(program, "rb") as file:
            return "no_interpreter", file.readline(200).decode(errors="replace").strip("#!\n ")
    return "no_command", program


def _environment(order: Order, spool: Spool) -> dict[str, str]:
    given = {"KUMO_OUTPUT_DIR": spool.output}
    if order.state_dir:
        given["KUMO_STATE_DIR"] = order.state_dir
    return given | order.env | {tree.VARIABLE: order.key}
