"""Ends a process tree: asks, waits, and then does not ask any more."""

import signal
import time
from collections.abc import Callable

from runner import tree

# How long SIGKILL is repeated before the survivors are counted.
BOUND = 5.0
_LOOK_EVERY = 0.2
_KILL_EVERY = 0.02
# When the first request was SIGINT, SIGTERM follows for what ignores that, late in the grace.
_TERM_AT = 0.8


class Ladder:
    """SIGTERM (or SIGINT) at once, SIGKILL after `grace` seconds until `members()` is empty.

    `step()` does what is due and never blocks; `survivors` is right once `is_over`.
    """

    def __init__(self, members: Callable[[], list[int]], grace: float, first: str = "TERM") -> None:
        now = time.monotonic()
        self.is_over, self.survivors = False, 0
        self.next_at = now
        self._members = members
        self._kill_at, self._give_up_at = now + grace, None
        self._asks = [(now, signal.SIGTERM)]
        if first == "INT":
            self._asks = [(now, signal.SIGINT), (now + grace * _TERM_AT, signal.SIGTERM)]

    def hurry(self) -> None:
        """Skip what is left of the grace."""
        self.next_at = self._kill_at = min(self._kill_at, time.monotonic())

    def step(self) -> None:
        now = time.monotonic()
        if self.is_over or now < self.next_at:
            return
        found = self._members()
        if not found:
            self.is_over = True
        elif now >= self._kill_at:
            self._end(found, now)
        else:
            self._ask(found, now)

    def _ask(self, found: list[int], now: float) -> None:
        if self._asks and now >= self._asks[0][0]:
            tree.signal_all(found, self._asks.pop(0)[1])
        due = [self._kill_at, now + _LOOK_EVERY, *(at for at, _ in self._asks)]
        self.next_at = min(due)

    def _end(self, found: list[int], now: float) -> None:
        self._give_up_at = self._give_up_at or now + BOUND
        if now > self._give_up_at:
            self.is_over, self.survivors = True, len(found)
            return
        tree.signal_all(found, signal.SIGKILL)
        self.next_at = now + _KILL_EVERY
