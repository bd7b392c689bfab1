"""Begins backups when they are due, each in a process of its own."""

import os
import subprocess
import sys
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from backups.models import Backup, BackupPlan
from nodes.delivery import deliver

LOOK_EVERY = timedelta(minutes=5)
GIVEN_UP_AFTER = timedelta(hours=6)


def begin_due(now: datetime) -> datetime:
    """Ask the worker for a backup that is due and not asked for yet; return when to look again."""
    plan = BackupPlan.get()
    due = plan.due_at(now)
    if plan.is_on and (plan.last_due_at is None or plan.last_due_at < due):
        taken = BackupPlan.objects.filter(pk=1, last_due_at=plan.last_due_at).update(
            last_due_at=due
        )
        # A new Kumo has nothing to back up at the hour that passed before it began.
        if taken and plan.last_due_at is not None:
            request()
    return now + LOOK_EVERY


def request(user=None) -> Backup:
    """Have a backup made by the worker; return its row."""
    give_up_stuck()
    backup = Backup.objects.create(requested_by=user)
    deliver("backups.planning.start", backup.pk)
    return backup


def give_up_stuck() -> None:
    """Say of backups whose process died that they failed."""
    Backup.objects.filter(
        status=Backup.Status.MAKING, started_at__lt=timezone.now() - GIVEN_UP_AFTER
    ).update(status=Backup.Status.FAILED, finished_at=timezone.now(), detail="it never ended")


def start(backup_id: int) -> None:
    """Start the command in a process of its own: the worker's tasks last a second at most."""
    if not Backup.objects.filter(pk=backup_id, status=Backup.Status.MAKING).exists():
        return
    subprocess.Popen(
        [sys.executable, str(settings.BASE_DIR / "manage.py"), "backup", f"--row={backup_id}"],
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        env=os.environ | {"KUMO_HOME": str(settings.KUMO_HOME)},
    )
