import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from audit.models import AuditEntry
from tasks.models import Variable
from tasks.sealing import is_current
from tasks.variables import reseal, set_variable
from tasks.variables.storing import value_of
from tests.factories import make_project, make_task, make_user

pytestmark = pytest.mark.django_db
SECRET = "correct-horse-battery"


def everything_recorded() -> str:
    return str(list(AuditEntry.objects.values()))


def everything_stored() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM tasks_variable")
        return str([[bytes(x) if isinstance(x, memoryview) else x for x in y] for y in cursor])


def test_setting_it_again_replaces_the_value():
    first = set_variable("SITE", "one")
    second = set_variable("SITE", "two")

    assert first.pk == second.pk
    assert Variable.objects.get().value == "two"


def test_levels_do_not_touch_each_other():
    task = make_task()
    for owner in ({}, {"project": task.project}, {"task": task}):
        set_variable("SITE", "one", **owner)

    assert Variable.objects.count() == 3


def test_a_secret_is_neither_in_the_database_nor_in_the_audit_log():
    set_variable("TOKEN", SECRET, is_secret=True)
    set_variable("TOKEN", SECRET + "2", is_secret=True)

    assert SECRET not in everything_stored()
    assert SECRET not in everything_recorded()
    assert [entry.action for entry in AuditEntry.objects.order_by("pk")] == ["create", "change"]


def test_what_becomes_secret_leaves_no_value_behind():
    set_variable("TOKEN", "was-plain")
    variable = set_variable("TOKEN", SECRET, is_secret=True)

    variable.refresh_from_db()
    assert (variable.value, value_of(variable)) == ("", SECRET)


def test_what_is_no_secret_any_more_needs_a_new_value():
    set_variable("TOKEN", SECRET, is_secret=True)
    variable = set_variable("TOKEN", "plain")

    variable.refresh_from_db()
    assert (variable.value, variable.sealed) == ("plain", None)
    assert SECRET not in everything_recorded()


def test_who_set_it_is_recorded():
    user = make_user()
    set_variable("SITE", "one", user=user)

    entry = AuditEntry.objects.get()
    assert (entry.user, entry.object_name, entry.changes) == (user, "SITE", {"value": ["", "one"]})


@pytest.mark.parametrize(
    ("key", "value", "is_secret", "field"),
    [
        ("KUMO_HOME", "x", False, "key"),
        ("A-B", "x", False, "key"),
        ("A", "a\0b", False, "value"),
        ("TOKEN", "abc", True, "value"),
    ],
)
def test_what_is_refused_is_said_at_its_field(key, value, is_secret, field):
    with pytest.raises(ValidationError) as refused:
        set_variable(key, value, is_secret=is_secret)

    assert list(refused.value.message_dict) == [field]
    assert not Variable.objects.exists()


def test_it_cannot_belong_to_two():
    with pytest.raises(ValidationError):
        set_variable("A", "1", project=make_project(), task=make_task())


def test_a_secret_is_sealed_again_with_the_key_of_now(settings):
    secret = set_variable("TOKEN", SECRET, is_secret=True)
    (settings.KUMO_HOME / "keys" / "field_key.old").write_text(settings.KUMO_FIELD_KEY)
    settings.KUMO_FIELD_KEY = "another key of more than thirty-two characters"

    assert reseal(secret.pk)
    secret.refresh_from_db()
    assert is_current(secret.sealed)
    assert value_of(secret) == SECRET
    assert not reseal(secret.pk)
