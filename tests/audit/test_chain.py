import threading
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F

from audit import chain
from audit.models import AuditEntry
from audit.recording import record

pytestmark = pytest.mark.django_db


@pytest.fixture
def entries(home, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        return [record(f"act {number}", None, {"number": number}).pk for number in range(5)]


def test_an_untouched_log_is_whole(entries, capsys):
    assert chain.first_break() is None
    call_command("verifyaudit")
    assert "5" in capsys.readouterr().out


def test_an_empty_log_is_whole(home):
    assert chain.first_break() is None


@pytest.mark.parametrize(
    "change",
    [
        {"action": "another"},
        {"user_name": "somebody"},
        {"changes": {"number": 7}},
        {"succeeded": False},
        {"address": "10.0.0.1"},
        {"at": F("at") + timedelta(seconds=1)},
        {"digest": "0" * 64},
    ],
)
def test_a_changed_entry_is_named(entries, change):
    AuditEntry.objects.filter(pk=entries[2]).update(**change)
    assert chain.first_break().entry == entries[2]


@pytest.mark.parametrize("place", [0, 2])
def test_the_entry_after_a_removed_one_is_named(entries, place):
    AuditEntry.objects.filter(pk=entries[place]).delete()
    assert chain.first_break().entry == entries[place + 1]


def test_a_cut_off_end_is_named(entries):
    AuditEntry.objects.filter(pk__gt=entries[2]).delete()
    assert chain.first_break().entry == entries[-1]


def test_an_emptied_log_is_noticed(entries):
    AuditEntry.objects.all().delete()
    assert chain.first_break().entry == entries[-1]


def test_an_inserted_entry_is_named(entries):
    AuditEntry.objects.filter(pk=entries[-1]).update(id=entries[-1] + 1)
    inserted = AuditEntry.objects.get(pk=entries[1])
    inserted.pk = entries[-1]
    inserted.save(force_insert=True)
    assert chain.first_break().entry == entries[-1]


def test_reordered_entries_are_noticed(entries):
    second, third, spare = entries[1], entries[2], entries[-1] + 10
    for old, new in ((second, spare), (third, second), (spare, third)):
        AuditEntry.objects.filter(pk=old).update(id=new)
    assert chain.first_break().entry == second


def test_a_log_that_was_chained_anew_is_not_the_one_that_was_written(entries):
    AuditEntry.objects.filter(pk=entries[0]).update(action="forged")
    previous = ""
    for entry in AuditEntry.objects.order_by("pk"):
        entry.previous = previous
        entry.digest = previous = chain.digest(entry)
        entry.save()
    assert chain.first_break().entry == entries[-1]


def test_the_command_fails_and_names_the_entry(entries):
    AuditEntry.objects.filter(pk=entries[3]).update(action="forged")
    with pytest.raises(CommandError, match=str(entries[3])):
        call_command("verifyaudit")


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_writers_at_the_same_time_make_one_chain(home):
    def write(writer):
        try:
            for number in range(5):
                record(f"{writer} {number}")
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert AuditEntry.objects.count() == 20
    assert chain.first_break() is None
