"""Makes a backup: the database, the revisions of projects, and the field key under a passphrase."""

import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from audit.recording import record
from backups import bundle, dumping, keeping, keywrap
from backups.models import Backup
from nodes import home

VERSION = "0.1.0"
NEEDED_TIMES = 2


class NoSpace(Exception):
    """The disk has no room for the backup: bytes that are free and bytes that it needs."""

    def __init__(self, free: int, needed: int):
        super().__init__(f"{needed} bytes are needed, {free} are free")


def default_directory() -> Path:
    return settings.KUMO_HOME / "backups"


def make(directory: Path | None = None, passphrase: str = "", backup: Backup | None = None) -> Path:
    """Return the file of a new, verified backup; what fails is written on its row and raised."""
    directory = directory or default_directory()
    backup = backup or Backup.objects.create()
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = write(directory, passphrase)
    except Exception as problem:
        finish(backup, Backup.Status.FAILED, detail=str(problem) or type(problem).__name__)
        raise
    finish(
        backup,
        Backup.Status.VERIFIED,
        file_name=file.name,
        size_bytes=file.stat().st_size,
        has_key=bool(passphrase),
    )
    if directory == default_directory():
        keeping.let_old_go(directory)
    return file


def write(directory: Path, passphrase: str) -> Path:
    check_space(directory)
    now = datetime.now(UTC)
    with tempfile.TemporaryDirectory(prefix=".making-", dir=directory) as name:
        content = Path(name)
        manifest = bundle.Manifest(kumo=VERSION, made_at=now.isoformat(), has_key=bool(passphrase))
        manifest.vendor = connection.vendor
        manifest.migrations = dumping.migrations()
        manifest.counts = dumping.counts()
        dumping.dump(content)
        # Revisions are immutable, so that what the database speaks of is there after it.
        if home.projects().is_dir():
            shutil.copytree(home.projects(), content / "projects", ignore=left_out)
        if passphrase:
            keywrap.wrap(settings.KUMO_FIELD_KEY, passphrase, content)
        target = directory / f"kumo-{now:%Y%m%d-%H%M%S-%f}.tar.gz"
        bundle.pack(content, manifest, target)
        for folder in content.rglob("*"):
            folder.chmod(0o700)
    return target


def left_out(_folder, names) -> list[str]:
    return [name for name in names if name.startswith(".") or name == "__pycache__"]


def check_space(directory: Path) -> None:
    needed = NEEDED_TIMES * sum(path.stat().st_size for path in sources() if path.is_file())
    free = shutil.disk_usage(directory).free
    if free < needed:
        raise NoSpace(free, needed)


def sources():
    yield settings.KUMO_HOME / "db.sqlite3"
    yield from home.projects().rglob("*")


@transaction.atomic
def finish(backup: Backup, status: str, **fields) -> None:
    Backup.objects.filter(pk=backup.pk).update(status=status, finished_at=timezone.now(), **fields)
    backup.refresh_from_db()
    record("backup", backup, {"status": status}, succeeded=status == Backup.Status.VERIFIED)
