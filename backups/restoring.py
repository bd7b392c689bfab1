"""Puts a backup into an empty data directory, and makes its world safe to go on from."""

import shutil
import tempfile
from pathlib import Path

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from backups import bundle, dumping, keywrap
from tasks.models import Attempt, Maintenance, Run
from tasks.statuses import ATTEMPT_ACTIVE, RUN_ACTIVE


class NotEmpty(Exception):
    """The data directory is in use by another Kumo's data."""


class OtherDatabase(Exception):
    """The backup is of another kind of database than the one to restore into."""


def restore(file: Path, passphrase: str = "", is_forced: bool = False) -> bundle.Manifest:
    """Restore `file` into Kumo's own data directory and database.

    Raises BadBackup, NotEmpty, OtherDatabase and WrongPassphrase, all before anything has
    changed. What was there before is kept in a directory beside, when `is_forced`.
    """
    home = settings.KUMO_HOME
    bundle.verify(file)
    with tempfile.TemporaryDirectory(prefix=".restoring-", dir=home) as name:
        content = Path(name)
        manifest = bundle.unpack(file, content)
        if manifest.vendor != connection.vendor:
            raise OtherDatabase(manifest.vendor)
        key = keywrap.unwrap(content / keywrap.FILE, passphrase) if manifest.has_key else ""
        put_aside(home, is_forced)
        dumping.load(content)
        if (content / "projects").is_dir():
            (content / "projects").rename(home / "projects")
    if key:
        write_key(home / "keys" / "field_key", key)
    call_command("migrate", verbosity=0, interactive=False)
    settle()
    return manifest


def put_aside(home: Path, is_forced: bool) -> None:
    """Move what is in the way into a directory of its own; raises NotEmpty unless forced."""
    in_the_way = [
        each
        for each in ("projects", "attempts", "envs", "tasks", "db.sqlite3")
        if (home / each).exists()
    ]
    if not in_the_way and not has_rows():
        return
    if not is_forced:
        raise NotEmpty(str(home))
    old = home / f"before-restore-{timezone.now():%Y%m%d-%H%M%S}"
    old.mkdir(mode=0o700)
    dumping.dump(old)
    connection.close()
    for each in in_the_way:
        shutil.move(home / each, old / each)


def has_rows() -> bool:
    return "tasks_run" in connection.introspection.table_names() and Run.objects.exists()


def write_key(file: Path, key: str) -> None:
    file.parent.mkdir(mode=0o700, exist_ok=True)
    file.unlink(missing_ok=True)
    file.touch(mode=0o600)
    file.write_text(key + "\n")


@transaction.atomic
def settle() -> None:
    """End what was going on when the backup was made; nothing starts until somebody says so."""
    now = timezone.now()
    Attempt.objects.filter(status__in=ATTEMPT_ACTIVE).update(
        status=Attempt.Status.LOST, reason="restored", finished_at=now
    )
    Run.objects.filter(status__in=RUN_ACTIVE, started_at=None).update(
        status=Run.Status.CANCELED, reason="restored", finished_at=now, changed_at=now
    )
    Run.objects.filter(status__in=RUN_ACTIVE).update(
        status=Run.Status.LOST, reason="restored", finished_at=now, changed_at=now
    )
    Session.objects.all().delete()
    Maintenance.begin(note="restored from a backup: check the schedules, then end maintenance")
