import gzip
import sqlite3
import threading
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEntry
from backups import bundle, dumping, making, planning, restoring
from backups.models import Backup, BackupPlan
from tasks.models import Attempt, Maintenance, Run
from tests.factories import make_admin, make_attempt, make_project, make_run, make_user

pytestmark = pytest.mark.django_db(transaction=True)
PASSPHRASE = "correct horse battery staple"


def test_a_backup_has_the_rows_and_the_revisions(tmp_path):
    project = make_project(slug="shop")
    file = making.make(tmp_path / "out")
    manifest = bundle.unpack(file, tmp_path / "content")
    directory = project.current_revision.directory.relative_to(settings.KUMO_HOME)
    assert (tmp_path / "content" / directory / "spider.py").is_file()
    assert manifest.counts["tasks.project"] == 1
    assert Backup.objects.get().status == "verified"
    assert AuditEntry.objects.filter(action="backup", succeeded=True).exists()


def test_no_key_is_in_a_backup_in_the_clear(tmp_path):
    for passphrase in ("", PASSPHRASE):
        file = making.make(tmp_path / "out", passphrase)
        data = gzip.decompress(file.read_bytes())
        assert settings.SECRET_KEY.encode() not in data
        assert settings.KUMO_FIELD_KEY.encode() not in data


def test_a_failure_is_written_down_and_leaves_no_file(tmp_path):
    blocked = tmp_path / "file"
    blocked.touch()
    with pytest.raises(OSError, match="exists"):
        making.make(blocked)
    backup = Backup.objects.get()
    assert backup.status == "failed"
    assert "file" in backup.detail


def test_backups_under_writes_are_whole_and_not_stale(tmp_path):
    stop = threading.Event()

    def write():
        while not stop.is_set():
            make_project(files=None)
        connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(10):
            marker = make_project(slug=f"marker-{number}", files=None)
            copy = tmp_path / str(number)
            copy.mkdir()
            dumping.dump(copy)
            assert marker.slug in read_slugs(copy / dumping.SQLITE)
    finally:
        stop.set()
        writer.join()


def read_slugs(file) -> set:
    with sqlite3.connect(file) as copy:
        return {slug for (slug,) in copy.execute("SELECT slug FROM tasks_project")}


def test_a_due_backup_is_asked_for_once(django_capture_on_commit_callbacks):
    now = timezone.now()
    planning.begin_due(now)
    assert not Backup.objects.exists()
    planning.begin_due(now + timedelta(days=1))
    planning.begin_due(now + timedelta(days=1))
    assert Backup.objects.count() == 1


def test_a_plan_that_is_off_asks_for_none():
    BackupPlan.objects.create(pk=1, is_on=False, last_due_at=timezone.now() - timedelta(days=9))
    planning.begin_due(timezone.now())
    assert not Backup.objects.exists()


def test_the_page_makes_backups_and_gives_them_to_administrators_alone(client):
    making.make()
    backup = Backup.objects.get()
    download = reverse("admin:backups_backup_download", args=[backup.pk])
    client.force_login(make_user("backups.view_backup"))
    assert client.get(download).status_code == 403
    assert client.post(reverse("admin:backups_backup_now")).status_code == 403
    client.force_login(make_admin())
    assert b"".join(client.get(download).streaming_content)[:2] == b"\x1f\x8b"
    client.post(reverse("admin:backups_backup_now"))
    assert Backup.objects.filter(status="making").exists()
    assert client.get(reverse("admin:backups_backup_changelist")).status_code == 200


def test_a_damaged_file_is_refused_by_the_command(tmp_path):
    file = tmp_path / "kumo.tar.gz"
    file.write_bytes(b"not a backup")
    with pytest.raises(CommandError, match="damaged"):
        call_command("verifybackup", str(file))


def test_what_was_going_on_ends_as_restored():
    running, waiting = make_run(status="running"), make_run()
    attempt = make_attempt(running)
    restoring.settle()
    assert dict(Run.objects.values_list("pk", "status")) == {
        running.pk: "lost",
        waiting.pk: "canceled",
    }
    assert Attempt.objects.get(pk=attempt.pk).reason == "restored"
    assert Maintenance.is_on()
