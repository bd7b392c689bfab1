from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from audit.models import AuditEntry
from tasks import fieldkeys
from tasks.models import Variable
from tasks.sealing import is_current
from tasks.variables import for_run, reseal, set_variable
from tests.factories import make_task

pytestmark = pytest.mark.django_db
OLD = "an old key of more than thirty-two characters"
VALUES = {"A": "first-secret", "B": "second-secret", "C": "third-secret"}


@pytest.fixture
def task(settings):
    """A task with three secrets, sealed with the key of the key file."""
    fieldkeys.write("field_key", OLD)
    settings.KUMO_FIELD_KEY = OLD
    task = make_task()
    for key, value in VALUES.items():
        set_variable(key, value, is_secret=True, task=task)
    return task


def rotate() -> str:
    output = StringIO()
    call_command("rotatekeys", stdout=output)
    return output.getvalue()


def start_again(settings):
    """Stand in for a process that was started now."""
    settings.KUMO_FIELD_KEY = fieldkeys.read("field_key")


def test_every_secret_is_sealed_with_the_new_key(task, settings):
    assert "3 secrets" in rotate()

    start_again(settings)
    assert settings.KUMO_FIELD_KEY != OLD
    assert fieldkeys.known() == [settings.KUMO_FIELD_KEY]
    assert for_run(task)[0] == VALUES
    assert all(is_current(secret.sealed) for secret in Variable.objects.all())


def test_processes_that_run_meanwhile_read_and_write_secrets(task, settings):
    rotate()
    assert settings.KUMO_FIELD_KEY == OLD
    set_variable("D", "fourth-secret", is_secret=True, task=task)

    start_again(settings)
    assert for_run(task)[0] == VALUES | {"D": "fourth-secret"}


@pytest.mark.parametrize("is_started_again", [True, False])
@pytest.mark.parametrize("sealed", [0, 1, 3])
def test_a_rotation_that_was_ended_half_way_goes_on(task, settings, sealed, is_started_again):
    fieldkeys.begin_rotation()
    for secret in Variable.objects.order_by("pk")[:sealed]:
        reseal(secret.pk)
    if is_started_again:
        start_again(settings)
    assert for_run(task)[0] == VALUES

    assert "begun before" in rotate()
    start_again(settings)
    assert fieldkeys.known() == [settings.KUMO_FIELD_KEY]
    assert for_run(task)[0] == VALUES


def test_a_rotation_that_was_ended_after_the_switch_is_finished(task, settings):
    fieldkeys.begin_rotation()
    fieldkeys.switch()
    start_again(settings)
    assert for_run(task)[0] == VALUES

    rotate()
    assert not fieldkeys.read("field_key.old")
    assert for_run(task)[0] == VALUES


def test_nothing_is_thrown_away_while_a_secret_cannot_be_read(task, settings):
    Variable.objects.filter(key="B").update(sealed=b"damaged")

    with pytest.raises(CommandError, match="B"):
        rotate()
    assert fieldkeys.read("field_key") == OLD

    set_variable("B", "second-secret", is_secret=True, task=task)
    rotate()
    start_again(settings)
    assert for_run(task)[0] == VALUES


def test_a_key_of_the_environment_is_left_to_who_gave_it(task, monkeypatch):
    monkeypatch.setenv("KUMO_FIELD_KEY", OLD)

    with pytest.raises(CommandError, match="KUMO_FIELD_KEY"):
        rotate()


def test_one_rotation_goes_at_a_time(task):
    with fieldkeys.alone(), pytest.raises(CommandError, match="at work"):
        rotate()

    assert fieldkeys.read("field_key") == OLD


def test_it_is_recorded_without_any_secret(task):
    rotate()

    entry = AuditEntry.objects.get(action="rotate keys")
    assert entry.changes == {"secrets": ["", 3]}
    assert "secret" not in str([each.changes for each in AuditEntry.objects.all()]).replace(
        "secrets", ""
    ).replace("is_secret", "")
