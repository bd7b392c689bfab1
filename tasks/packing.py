"""Has the logs of ended attempts packed, one at a time, by processes of their own."""

import subprocess
import sys
from collections import deque
from pathlib import Path

from django.conf import settings

# Smaller logs take one block of the disk or a few, packed or not.
LEAST_BYTES = 256 * 1024


class Packer:
    """Packing takes a second for each 150 MB, so the keeper does not do it itself."""

    def __init__(self):
        self.waiting: deque[Path] = deque()
        self.process: subprocess.Popen | None = None

    def add(self, spool: Path) -> None:
        """Have the log in `spool` packed when its turn comes, if it is worth it."""
        if size(spool) >= LEAST_BYTES:
            self.waiting.append(spool)

    def step(self) -> None:
        """Go on with what waits; call it now and then."""
        if self.process and self.process.poll() is None:
            return
        self.process = self.start(self.waiting.popleft()) if self.waiting else None

    @staticmethod
    def start(spool: Path) -> subprocess.Popen:
        return subprocess.Popen(
            [sys.executable, "-I", str(settings.BASE_DIR / "runner"), "pack", str(spool)],
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )


def size(spool: Path) -> int:
    return sum(path.stat().st_size for path in spool.glob("log*"))
