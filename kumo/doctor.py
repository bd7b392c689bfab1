"""What is wrong with this Kumo, and what to do about it."""

import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from django.utils.translation import gettext as _

from audit import chain
from backups.models import Backup, BackupPlan
from nodes import disk, home
from nodes.models import Node
from tasks.lengths import length, size
from tasks.models import Attempt, Project, Revision, Run, Trigger
from tasks.waiting import why

LATE = timedelta(minutes=2)
OLD_BACKUP = timedelta(hours=36)
STUCK = timedelta(minutes=5)
MOST_NAMED = 5


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: `advice` says what to do where it is not well."""

    title: str
    is_well: bool
    told: str = ""
    advice: str = ""


def findings() -> Iterator[Finding]:
    """Look at everything; a check that fails itself is a finding, too."""
    for check in CHECKS:
        try:
            yield check()
        except Exception as problem:  # noqa: BLE001 - a doctor goes on to the next question
            yield Finding(check.__name__, False, str(problem), _("This could not be looked at."))


def keys() -> Finding:
    directory = settings.KUMO_HOME / "keys"
    open_ones = [
        path.name
        for path in [directory, *directory.glob("*")]
        if stat.S_IMODE(path.stat().st_mode) & 0o077
    ]
    return Finding(
        _("Keys"),
        not open_ones,
        ", ".join(open_ones),
        _("Others can read them. Run chmod -R go= on the directory keys."),
    )


def space() -> Finding:
    free = disk.usage().free
    told = _("%(free)s free") % {"free": size(free)}
    return Finding(_("Disk"), not disk.is_low(), told, _("Nothing new starts. Free some space."))


def tables() -> Finding:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    told = ", ".join(str(migration) for migration, _backwards in plan[:MOST_NAMED])
    return Finding(
        _("Tables"), not plan, told, _("Run manage.py migrate, or restart manage.py up.")
    )


def database() -> Finding:
    problem = ""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA quick_check")
            answer = cursor.fetchone()[0]
        problem = "" if answer == "ok" else answer
    return Finding(_("Database"), not problem, problem, _("Restore the newest verified backup."))


def keeper() -> Finding:
    node = Node.objects.filter(slug=settings.KUMO_NODE_NAME).first()
    is_well = node is not None and not node.is_silent()
    ago = timezone.now() - node.beat_at if node and node.beat_at else None
    told = _("%(ago)s ago") % {"ago": length(ago.total_seconds())} if ago else ""
    return Finding(_("Keeper"), is_well, told, _("Start manage.py up, or manage.py keeper."))


def clock() -> Finding:
    late = Trigger.objects.filter(is_enabled=True, next_fire_at__lt=timezone.now() - LATE).count()
    told = _("%(count)s triggers are overdue") % {"count": late} if late else ""
    return Finding(_("Clock"), not late, told, _("Start manage.py up, or manage.py clock."))


def worker() -> Finding:
    oldest = Run.objects.filter(
        status=Run.Status.QUEUED, queued_at__lt=timezone.now() - STUCK
    ).select_related("task__project", "task__environment", "task__node")
    idle = [run for run in oldest.order_by("pk")[:MOST_NAMED] if is_forgotten(run)]
    told = _("These wait though there is room: %(runs)s") % {"runs": ", ".join(map(str, idle))}
    advice = _("Start manage.py up, or manage.py qcluster.")
    return Finding(_("Worker"), not idle, told if idle else "", advice)


def is_forgotten(run: Run) -> bool:
    waiting = why(run)
    return waiting is not None and waiting.reason == "soon"


def audit_log() -> Finding:
    broken = chain.first_break()
    return Finding(
        _("Audit log"),
        broken is None,
        broken.sentence if broken else "",
        _("Somebody changed the log. Compare it with a backup."),
    )


def backup() -> Finding:
    if not BackupPlan.get().is_on:
        return Finding(_("Backups"), False, "", _("The backup plan is off. Turn it on."))
    newest = Backup.objects.filter(status=Backup.Status.VERIFIED).first()
    first_user_day = timezone.now() - OLD_BACKUP
    is_new = not Run.objects.filter(queued_at__lt=first_user_day).exists()
    is_well = is_new or (newest is not None and newest.started_at > first_user_day)
    told = f"{newest.started_at:%Y-%m-%d %H:%M %Z}" if newest else _("none yet")
    return Finding(_("Backups"), is_well, told, _("Make one now, and see why the last one failed."))


def attempts() -> Finding:
    found = {path.name: path for path in home.attempts().glob("*/*") if path.is_dir()}
    known = set(Attempt.objects.filter(key__in=found).values_list("key", flat=True))
    return orphans(_("Attempt directories"), found.keys() - known)


def revisions() -> Finding:
    known = {
        (slug, content[:16])
        for slug, content in Revision.objects.values_list("project__slug", "content_hash")
    }
    projects = set(Project.objects.values_list("slug", flat=True))
    found = {
        (path.parent.name, path.name)
        for path in home.projects().glob("*/*")
        if path.is_dir() and not path.name.startswith(".")
    }
    lost = {Path(*each).as_posix() for each in found - known}
    lost |= {path.name for path in home.projects().glob("*") if path.name not in projects}
    return orphans(_("Revision directories"), lost)


def orphans(title: str, names) -> Finding:
    shown = ", ".join(sorted(names)[:MOST_NAMED])
    told = _("%(count)s without an owner: %(names)s") % {"count": len(names), "names": shown}
    advice = _("Nothing in the table speaks of them. Delete them once you have looked.")
    return Finding(title, not names, told if names else "", advice)


CHECKS = (
    keys,
    space,
    tables,
    database,
    keeper,
    clock,
    worker,
    backup,
    audit_log,
    attempts,
    revisions,
)
