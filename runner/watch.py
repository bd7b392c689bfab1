"""Watches one spider until nothing of it is left: output, limits, stop and end."""

import os
import select
import signal
import socket
import time
from collections.abc import Callable

from runner import sockets, tree
from runner.ladder import Ladder
from runner.order import Order
from runner.pump import Pump
from runner.reaper import Reaper

# How long a pipe that somebody holds open is read after the spider's exit, and how long what the
# spider left behind may take to end when asked.
DRAIN = 2.0
# What came together is written together; a pause this long ends it.
_PAUSE = 0.005
_FOREVER = 3600.0


class Watch:
    """The event loop of a supervisor; `run` returns when the tree is gone and the output is in."""

    def __init__(
        self,
        order: Order,
        pump: Pump,
        reaper: Reaper,
        *,
        control: socket.socket,
        wakeup: int,
        on_stop: Callable[[], None],
    ) -> None:
        self.order, self.pump, self.reaper = order, pump, reaper
        self.stop_reason = ""
        self.ladder: Ladder | None = None
        self.ended_at: float | None = None
        self.started_at = pump.printed_at
        self._control, self._on_stop = control, on_stop
        self._wakeup = wakeup
        self._poll = select.poll()
        for descriptor in (pump.source, control.fileno(), self._wakeup):
            self._poll.register(descriptor, select.POLLIN)

    def run(self) -> None:
        # The spider may have ended before its signal could be heard.
        self._reap()
        while not self._is_over():
            ready = self._poll.poll(self._wait() * 1000)
            for descriptor, _ in ready:
                self._handle(descriptor)
            self.pump.settle(is_idle=not ready)
            self._check_limits()
            self._climb()

    def _climb(self) -> None:
        if not self.ladder:
            return
        self.ladder.step()
        if self.ladder.is_over and not self.ladder.survivors:
            self._reap()
            if self.ended_at is not None and not self.reaper.is_empty:
                # Somebody changed parents while the tree was read.
                self.ladder = Ladder(self._members, 0)

    @property
    def survivors(self) -> int:
        return self.ladder.survivors if self.ladder else 0

    def _is_over(self) -> bool:
        if self.ended_at is None:
            return bool(self.ladder and self.ladder.is_over and self.ladder.survivors)
        is_alone = self.ladder.is_over if self.ladder else self.reaper.is_empty
        return is_alone and (not self.pump.is_open or time.monotonic() >= self.ended_at + DRAIN)

    def _wait(self) -> float:
        """Seconds until something is due that no descriptor tells."""
        now = time.monotonic()
        due = [now + _FOREVER]
        if self.pump.is_waiting:
            due.append(now + _PAUSE)
        if self.ladder and not self.ladder.is_over:
            due.append(self.ladder.next_at)
        if self.ended_at is not None:
            drained_at = self.ended_at + DRAIN
            due += [drained_at] if drained_at > now else []
        elif not self.stop_reason:
            due += [at for at, _ in self._limits()]
        return max(min(due) - now, 0) + 0.001 * (min(due) > now)

    def _limits(self):
        if self.order.timeout:
            yield self.started_at + self.order.timeout, "timeout"
        if self.order.silence:
            yield self.pump.printed_at + self.order.silence, "silence"

    def _check_limits(self) -> None:
        for at, reason in self._limits():
            if time.monotonic() >= at:
                self.stop(reason)

    def _handle(self, descriptor: int) -> None:
        if descriptor == self._wakeup:
            self._hear_signals()
        elif descriptor == self._control.fileno():
            for message in sockets.received(self._control):
                self._obey(message.decode(errors="replace"))
        elif self.pump.is_open:
            self.pump.read()
            if not self.pump.is_open:
                self._poll.unregister(descriptor)

    def _hear_signals(self) -> None:
        if signal.SIGTERM in os.read(self._wakeup, 512):
            self.stop("shutdown")
        self._reap()

    def _reap(self) -> None:
        self.reaper.reap()
        if self.ended_at is None and self.reaper.wait_status is not None:
            self.ended_at = time.monotonic()
            if not self.reaper.is_empty and not self.ladder:
                self.ladder = Ladder(self._members, min(DRAIN, self.order.grace))

    def _obey(self, message: str) -> None:
        word, _, reason = message.partition(" ")
        if word == "stop":
            self.stop(reason, at_once=False)
        elif word == "end":
            self.stop(reason, at_once=True)

    def stop(self, reason: str, at_once: bool = False) -> None:
        """Begin to end the tree; the first reason stays, and a spider that has ended has none."""
        self._reap()
        if self.ended_at is None and not self.stop_reason:
            self.stop_reason = reason
            grace = 0 if at_once else self.order.grace
            self.ladder = Ladder(self._members, grace, self.order.stop_signal)
            self._on_stop()
        elif at_once and self.ladder:
            self.ladder.hurry()

    def _members(self) -> list[int]:
        return tree.members(self.order.key, os.getpid())


def listen_to_signals() -> int:
    """Return a descriptor that becomes readable with each signal this process cares for.

    Handlers, not SIG_IGN, which the spider would inherit. Call it before the spider is started.
    """
    reading, writing = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, _heard)
    return reading


def _heard(number, frame) -> None:
    """The byte in the wakeup pipe is all that is needed."""
