"""Carries what a spider prints into its log: as bytes, masked, never by line."""

import contextlib
import os
import time

from runner.logs.writer import LogWriter
from runner.masking import Masker

CHUNK = 64 * 1024
# Small prints are gathered for so long before they are written.
GATHER = 0.05


class Pump:
    """Reads the pipe `source`; `printed_at` is the monotonic time of the last output."""

    def __init__(self, source: int, log: LogWriter, masker: Masker) -> None:
        self.source, self.log, self.masker = source, log, masker
        self.is_open = True
        self.printed_at = time.monotonic()
        self._waiting_since: float | None = None

    @property
    def is_waiting(self) -> bool:
        return self._waiting_since is not None

    def read(self) -> None:
        """Take one chunk; closes at the end of the pipe. Never blocks."""
        try:
            data = os.read(self.source, CHUNK)
        except BlockingIOError:
            return
        if not data:
            self.shut()
            return
        self.printed_at = time.monotonic()
        self.log.write(self.masker.feed(data))
        self._waiting_since = self._waiting_since or self.printed_at

    def settle(self, is_idle: bool) -> None:
        """Write out what was gathered, once the spider pauses or it has waited long enough."""
        if self.is_waiting and (is_idle or time.monotonic() - self._waiting_since > GATHER):
            self.log.flush()
            self._waiting_since = None

    def shut(self) -> None:
        if self.is_open:
            self.is_open = False
            os.close(self.source)

    def end(self) -> None:
        """Close the log with the rest of the output."""
        self.shut()
        self.log.write(self.masker.flush())
        with contextlib.suppress(OSError):
            self.log.close()
