"""Which backups stay: the newest of each of the last days, weeks and months."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from django.utils import timezone

from backups.models import Backup, BackupPlan


def kept(made: Iterable[tuple[int, datetime]], plan: BackupPlan) -> set[int]:
    """Return the ids that stay of (id, time made); the newest always does."""
    newest_first = sorted(made, key=lambda each: each[1], reverse=True)
    stay = {pk for pk, _at in newest_first[:1]}
    for period, count in (
        ("%Y-%m-%d", plan.keep_daily),
        ("%G-%V", plan.keep_weekly),
        ("%Y-%m", plan.keep_monthly),
    ):
        newest: dict[str, int] = {}
        for pk, at in newest_first:
            newest.setdefault(at.strftime(period), pk)
        stay.update(list(newest.values())[:count])
    return stay


def let_old_go(directory: Path) -> list[str]:
    """Delete the backups that the plan does not keep; return their files' names."""
    verified = Backup.objects.filter(status=Backup.Status.VERIFIED)
    rows = {backup.pk: backup for backup in verified if (directory / backup.file_name).is_file()}
    zone = timezone.get_default_timezone()
    made = [(pk, backup.started_at.astimezone(zone)) for pk, backup in rows.items()]
    gone = [rows[pk] for pk in rows.keys() - kept(made, BackupPlan.get())]
    for backup in gone:
        (directory / backup.file_name).unlink(missing_ok=True)
        backup.delete()
    return [backup.file_name for backup in gone]
