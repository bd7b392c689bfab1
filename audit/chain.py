"""Chains the audit entries: each carries a digest of itself and of the one before it."""

import fcntl
import hashlib
import json
import os
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from audit.models import AuditEntry

# Any number that nothing else in Kumo locks on.
LOCK = 4_872_561
DIGESTED = (
    "user_name",
    "source",
    "address",
    "action",
    "object_type",
    "object_id",
    "object_name",
    "changes",
    "succeeded",
    "previous",
)


@dataclass(frozen=True)
class Break:
    """The first entry that is not as it was written, by its number, and a sentence on it."""

    entry: int | None
    sentence: str


def append(entry: AuditEntry) -> None:
    """Save the entry as the last link of the chain."""
    with transaction.atomic():
        lock()
        last = AuditEntry.objects.order_by("-pk").values_list("digest", flat=True).first()
        entry.previous = last or ""
        entry.digest = digest(entry)
        entry.save(force_insert=True)
        transaction.on_commit(lambda: drop_anchor(entry.pk, entry.digest), robust=True)


def lock() -> None:
    """Let nobody else append before this transaction ends; SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def digest(entry: AuditEntry) -> str:
    values = {name: getattr(entry, name) for name in DIGESTED}
    values["at"] = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    text = json.dumps(values, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def anchor_file() -> Path:
    return settings.KUMO_HOME / "keys" / "audit_anchor"


def drop_anchor(pk: int, written: str) -> None:
    """Note the last entry outside of the database, so that a cut-off end is noticed."""
    path = anchor_file()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if read_anchor(file.read())[0] < pk:
            file.seek(0)
            file.write(f"{pk} {written}\n")
            file.truncate()


def read_anchor(text: str) -> tuple[int, str]:
    """Return number and digest of the last entry that was noted; zero and "" when none was."""
    number, _space, written = text.strip().partition(" ")
    return (int(number), written) if number.isdigit() else (0, "")


def first_break() -> Break | None:
    """Return where the chain is broken first, or None while every entry is as it was written."""
    anchor, noted = read_anchor(anchor_file().read_text()) if anchor_file().exists() else (0, "")
    previous, seen = "", anchor == 0
    for entry in AuditEntry.objects.order_by("pk").iterator(1000):
        if entry.previous != previous:
            return Break(entry.pk, _("what came before it was removed, added or reordered"))
        if entry.digest != digest(entry):
            return Break(entry.pk, _("it was changed"))
        if entry.pk == anchor:
            if entry.digest != noted:
                return Break(entry.pk, _("it is not the entry that was written"))
            seen = True
        previous = entry.digest
    return None if seen else Break(anchor, _("it was removed from the end"))
