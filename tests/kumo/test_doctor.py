from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEntry
from audit.recording import record
from kumo import doctor
from nodes.local import beat, local_node
from tests.factories import make_admin, make_project, make_run, make_trigger, make_user

pytestmark = pytest.mark.django_db
LONG_AGO = timezone.now() - timedelta(days=3)


def ill() -> dict:
    """Return what the doctor finds to be wrong: what was told, by title."""
    return {each.title: each.told for each in doctor.findings() if not each.is_well}


@pytest.fixture
def well(home):
    """A Kumo whose keeper has just beaten and whose keys nobody else can read."""
    (home / "keys").chmod(0o700)
    beat(local_node())
    return home


def test_a_well_kumo_has_nothing_wrong(well):
    make_project()
    assert ill() == {}


def test_keys_that_others_can_read_are_named(well):
    (well / "keys" / "field_key").touch(mode=0o644)
    assert ill() == {"Keys": "field_key"}


def test_a_silent_keeper_is_found(well):
    node = local_node()
    node.beat_at = LONG_AGO
    node.save()
    assert "Keeper" in ill()


def test_overdue_triggers_are_found(well):
    make_trigger(next_fire_at=LONG_AGO)
    assert ill() == {"Clock": "1 triggers are overdue"}


def test_runs_that_wait_for_nothing_are_found(well):
    run = make_run(queued_at=timezone.now() - timedelta(minutes=10))
    assert str(run) in ill()["Worker"]


def test_an_old_kumo_without_a_backup_is_found(well):
    make_run(status="succeeded", queued_at=LONG_AGO, started_at=LONG_AGO)
    assert ill() == {"Backups": "none yet"}


def test_a_changed_audit_log_is_found(well):
    record("login")
    record("logout")
    AuditEntry.objects.filter(action="login").update(user_name="somebody else")
    assert "Audit log" in ill()


def test_directories_without_an_owner_are_named(well):
    (well / "attempts" / "2026-11-28" / "abc").mkdir(parents=True)
    (well / "projects" / "gone" / "0123").mkdir(parents=True)
    assert "abc" in ill()["Attempt directories"]
    assert "gone" in ill()["Revision directories"]


def test_the_command_ends_with_one_when_something_is_wrong(well, capsys):
    call_command("doctor")
    assert "!!" not in capsys.readouterr().out
    make_trigger(next_fire_at=LONG_AGO)
    with pytest.raises(SystemExit) as ended:
        call_command("doctor")
    assert ended.value.code == 1
    assert "!!  Clock" in capsys.readouterr().out


def test_the_page_is_for_administrators(client, well):
    client.force_login(make_user("tasks.view_run"))
    assert client.get(reverse("admin:health")).status_code == 403
    client.force_login(make_admin())
    assert b"Audit log" in client.get(reverse("admin:health")).content
