"""Prunes once a day, by a process of its own that the worker starts."""

import os
import subprocess
import sys
from datetime import datetime, timedelta

from django.conf import settings

from nodes.delivery import deliver

EVERY = timedelta(days=1)
FIRST_AFTER = timedelta(minutes=10)


class Upkeep:
    """A chore of the clock: begins some minutes after the start, then once a day."""

    def __init__(self):
        self.due_at: datetime | None = None

    def __call__(self, now: datetime) -> datetime:
        if self.due_at is None:
            self.due_at = now + FIRST_AFTER
        elif now >= self.due_at:
            self.due_at = now + EVERY
            deliver("tasks.upkeep.start", 0)
        return self.due_at


def start(_number: int) -> None:
    """Start the command; a second one at the same time finds nothing left to do."""
    subprocess.Popen(
        [sys.executable, str(settings.BASE_DIR / "manage.py"), "prune"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
        env=os.environ | {"KUMO_HOME": str(settings.KUMO_HOME)},
    )
