"""What must be there before Kumo's processes start: tables, static files, an administrator."""

import hashlib
import os
import secrets
import sys
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command
from django.utils.translation import gettext as _

from audit.models import User
from kumo.database import one_at_a_time

STAMP = ".made-of"


def prepare(out) -> None:
    """Bring the database and the data directory up to date; tell what matters on `out`."""
    with one_at_a_time():
        call_command("migrate", verbosity=0, interactive=False)
        make_administrator(out)
    collect_statics()


def make_administrator(out) -> None:
    """Make `admin` where there is no administrator yet; its password is said once."""
    if User.objects.filter(is_superuser=True).exists():
        return
    password = secrets.token_urlsafe(12)
    User.objects.create_superuser("admin", password=password)
    if sys.stdout.isatty():
        out.write(_("First administrator: admin, password: %s") % password)
        out.write(_("It is not shown again. Change it after the first sign-in."))
        return
    file = settings.KUMO_HOME / "first-password"
    write_privately(file, password + "\n")
    out.write(_("First administrator: admin. The password is in %s") % file)


def write_privately(file: Path, text: str) -> None:
    file.unlink(missing_ok=True)
    with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new:
        new.write(text)


def collect_statics() -> None:
    """Collect static files anew when one of them, or Django, is another than the last time."""
    stamp = settings.STATIC_ROOT / STAMP
    now = fingerprint(settings.STATICFILES_DIRS)
    if stamp.is_file() and stamp.read_text() == now:
        return
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(now)


def fingerprint(directories) -> str:
    """Return a text that changes with every file's name, size or time of change."""
    digest = hashlib.sha256(django.__version__.encode())
    for file in sorted(file for each in directories for file in Path(each).rglob("*")):
        facts = file.stat()
        digest.update(f"{file} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()
