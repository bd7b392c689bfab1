"""Owns one attempt: takes the spool, starts the spider, watches it, leaves the outcome."""

import contextlib
import ctypes
import json
import os
import socket
import time
from collections.abc import Callable
from pathlib import Path

from runner import ladder, limits, messages, sockets, spider, tree, workcopy
from runner.logs.writer import LogWriter
from runner.masking import Masker
from runner.order import Order
from runner.outcome import Outcome
from runner.pump import Pump
from runner.reaper import Reaper
from runner.spool import AlreadyStarted, Spool
from runner.watch import Watch, listen_to_signals

_PR_SET_CHILD_SUBREAPER = 36
_libc = ctypes.CDLL(None, use_errno=True)
TIMED_OUT = ("timeout", "silence")
Answer = Callable[[dict], None]


def supervise(order: Order, answer: Answer) -> None:
    """Run the attempt to its end. `answer` is told once whether it was started.

    It gets {"started": pid of this process, "spider": pid}, {"already": true} or
    {"failed": reason, "detail": text}.
    """
    # What escapes its parent becomes a child of this process, and can be ended and reaped.
    _libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    try:
        spool = Spool(order)
    except AlreadyStarted:
        answer({"already": True})
        return
    except OSError as problem:
        reason, detail = spider.explain(problem)
        answer({"failed": reason, "detail": detail})
        return
    Supervisor(order, spool).run(answer)


class Supervisor:
    """The life of one attempt in its spool."""

    def __init__(self, order: Order, spool: Spool) -> None:
        self.order, self.spool = order, spool
        self.group = limits.MemoryGroup(order)
        self.masker = Masker(order.secrets)
        self.started_at, self.started = time.time(), time.monotonic()

    def run(self, answer: Answer) -> None:
        try:
            outcome = self._live(answer)
        except spider.CannotStart as problem:
            outcome = Outcome("start_failed", problem.reason, problem.detail)
            self._leave(outcome)
            answer({"failed": problem.reason, "detail": problem.detail})
        else:
            self._leave(outcome)

    def _live(self, answer: Answer) -> Outcome:
        wakeup = listen_to_signals()
        started = spider.start(self.order, self.spool, self.group)
        try:
            log = LogWriter(Path(self.spool.path), self.order.log_limit)
            pump, reaper = Pump(started.output, log, self.masker), Reaper(started.pid)
            watch = Watch(
                self.order,
                pump,
                reaper,
                control=self.spool.control,
                wakeup=wakeup,
                on_stop=self._ring_stopping,
            )
            answer({"started": os.getpid(), "spider": started.pid})
            self._ring("started")
            watch.run()
        except Exception as problem:  # noqa: BLE001  a tree without a supervisor must not go on
            survivors = end_all(self.order.key)
            return Outcome("failed", "supervisor_error", repr(problem), survivors=survivors)
        pump.end()
        return self._outcome(watch, log)

    def _ring(self, word: str) -> None:
        if self.order.bell:
            sockets.ring(self.order.bell, f"{word} {self.order.key}")

    def _ring_stopping(self) -> None:
        self._ring("stopping")

    def _leave(self, outcome: Outcome) -> None:
        outcome.started_at, outcome.finished_at = self.started_at, time.time()
        outcome.duration = outcome.duration or time.monotonic() - self.started
        outcome.limits_held_by = self.group.held_by
        self.group.remove()
        workcopy.remove(self.spool.work)
        self.spool.end(outcome)
        self._ring("ended")

    def _outcome(self, watch: Watch, log: LogWriter) -> Outcome:
        reaper = watch.reaper
        outcome = judge(reaper.wait_status, watch.stop_reason, self.group.has_killed())
        outcome.duration = (watch.ended_at or time.monotonic()) - self.started
        outcome.survivors = watch.survivors
        outcome.cpu_seconds = round(reaper.cpu_seconds, 6)
        outcome.peak_rss_bytes = reaper.peak_rss_bytes
        outcome.log_lines, outcome.log_bytes = log.lines, log.total_bytes
        outcome.dropped_bytes = log.dropped_bytes
        outcome.secrets_printed = self.masker.count
        return outcome


def judge(wait_status: int | None, stop_reason: str, was_memory: bool) -> Outcome:
    """Return the status, the reason and how the process went, told apart.

    `wait_status` is None for a spider that survived even SIGKILL.
    """
    code = number = None
    if wait_status is not None:
        code = os.waitstatus_to_exitcode(wait_status)
        code, number = (None, -code) if code < 0 else (code, None)
    status, reason = _status(code, number, stop_reason, was_memory)
    return Outcome(status, reason, exit_code=code, signal=number, stop_reason=stop_reason)


def _status(code, number, stop_reason: str, was_memory: bool) -> tuple[str, str]:
    if stop_reason in TIMED_OUT:
        return "timed_out", stop_reason
    if stop_reason == "memory_limit" or (was_memory and not stop_reason and code != 0):
        return "failed", "memory_limit"
    if stop_reason:
        return "canceled", "replaced" if stop_reason == "replaced" else "stop"
    return "succeeded" if code == 0 else "failed", "signal" if number else "exit"


def end_all(key: str) -> int:
    """End everything below this process and all carriers at once; return the survivors."""
    last = ladder.Ladder(lambda: tree.members(key, os.getpid()), grace=0)
    while not last.is_over:
        last.step()
        with contextlib.suppress(ChildProcessError):
            os.waitpid(-1, os.WNOHANG)
        time.sleep(0.01)
    return last.survivors


def detach() -> bool:
    """Fork a process that nothing of its starter holds any more; True in that process."""
    middle = os.fork()
    if middle:
        os.waitpid(middle, 0)
        return False
    os.setsid()
    if os.fork():
        os._exit(0)
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in range(3):
        os.dup2(nothing, descriptor)
    os.close(nothing)
    os.chdir("/")
    return True


def serve_standard_input() -> None:
    """Take one order from the socket that is standard input, answer there, and run it."""
    connection = socket.socket(fileno=os.dup(0))
    if detach():
        serve(connection)


def serve(connection: socket.socket) -> None:
    """Run the order that comes over `connection`, and end this process. Never returns."""
    code = 1
    try:
        order = Order.from_json(messages.receive(connection))
        supervise(order, messages.answer_once(connection))
        code = 0
    except (EOFError, OSError, ValueError, TypeError) as problem:
        # Nobody listens to this process; who asked sees the connection close.
        with contextlib.suppress(OSError):
            messages.send(connection, json.dumps({"failed": "wrong_order", "detail": str(problem)}))
    finally:
        os._exit(code)
