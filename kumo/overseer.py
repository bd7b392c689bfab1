"""Starts Kumo's processes from one parent, starts again what dies, and ends them together."""

import logging
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass

from kumo.lineage import end_with_parent, name_process

logger = logging.getLogger("kumo.up")
WATCHED = {signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP}
ENDING = WATCHED - {signal.SIGCHLD}
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
# One that lived this long did not die of its start.
LONG_LIFE = 60.0
# Nothing is due, signals wake it: any length would do.
LONGEST_SLEEP = 3600.0
GRACE = 7.0


@dataclass
class Member:
    """One process of the platform: what it runs, and how it fares."""

    name: str
    run: Callable[[], None]
    pid: int = 0
    started_at: float = 0.0
    start_at: float = 0.0
    pause: float = FIRST_PAUSE

    def start(self) -> None:
        self.started_at = time.monotonic()
        self.pid = fork(self.run, self.name)

    def note_end(self, status: int) -> None:
        now = time.monotonic()
        logger.warning("%s ended with %s; starting it again", self.name, status)
        if now - self.started_at > LONG_LIFE:
            self.pause = FIRST_PAUSE
        self.pid = 0
        self.start_at = now + self.pause
        self.pause = min(2 * self.pause, LONGEST_PAUSE)


class Overseer:
    """Forks the members; this process has neither threads nor a database connection."""

    def __init__(self, members: list[Member]):
        self.members = members

    def run(self, probe) -> None:
        """Work until SIGTERM, SIGINT or SIGHUP; `probe()` says in how many seconds to ask it again.

        The members are gone in the end; supervisors and their spiders are not touched.
        """
        signal.pthread_sigmask(signal.SIG_BLOCK, WATCHED)
        for member in self.members:
            member.start()
        try:
            while not self.wait(probe):
                self.collect()
                self.start_what_is_due()
        finally:
            self.end()

    def wait(self, probe) -> bool:
        """Sleep until something happens; return whether this is the end."""
        now = time.monotonic()
        dues = [max(0.0, each.start_at - now) for each in self.members if not each.pid]
        again = probe()
        if again is not None:
            dues.append(again)
        received = signal.sigtimedwait(WATCHED, min(dues, default=LONGEST_SLEEP))
        return received is not None and received.si_signo in ENDING

    def collect(self) -> None:
        """Take note of every member that has ended; an adopted orphan is only reaped."""
        for pid, status in ended():
            for member in self.members:
                if member.pid == pid:
                    member.note_end(os.waitstatus_to_exitcode(status))

    def start_what_is_due(self) -> None:
        for member in self.members:
            if not member.pid and member.start_at <= time.monotonic():
                member.start()

    def end(self) -> None:
        """End the members, by force those that take longer than the grace."""
        self.send(signal.SIGTERM)
        deadline = time.monotonic() + GRACE
        while self.living() and (left := deadline - time.monotonic()) > 0:
            signal.sigtimedwait({signal.SIGCHLD}, left)
            self.forget_ended()
        self.send(signal.SIGKILL)
        for member in self.living():
            os.waitpid(member.pid, 0)
            member.pid = 0

    def forget_ended(self) -> None:
        for pid, _status in ended():
            for member in self.members:
                if member.pid == pid:
                    member.pid = 0

    def living(self) -> list[Member]:
        return [member for member in self.members if member.pid]

    def send(self, number: int) -> None:
        for member in self.living():
            os.kill(member.pid, number)


def ended():
    """Yield process and wait status of each child that has ended."""
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not pid:
            return
        yield pid, status


def fork(run: Callable[[], None], name: str) -> int:
    """Run the function in a new process, which ends when this one does; return its pid."""
    sys.stdout.flush()
    sys.stderr.flush()
    parent = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        become_member(parent)
        name_process(f"kumo-{name}")
        run()
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001 - nothing may pass back into the parent's code
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def finish(run: Callable[[], None]) -> int:
    """Run the function in a process of its own to its end; return the exit status, 0 when well."""
    _pid, status = os.waitpid(fork(run, "prepare"), 0)
    return os.waitstatus_to_exitcode(status)


def become_member(parent: int) -> None:
    # The terminal's Ctrl-C is for the parent, which ends the others in order.
    os.setpgid(0, 0)
    for number in WATCHED:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, WATCHED)
    end_with_parent(parent, signal.SIGTERM)
