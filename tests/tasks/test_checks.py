from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from tests import factories

pytestmark = pytest.mark.django_db


def wrong(thing):
    try:
        thing.full_clean()
    except ValidationError as problem:
        return set(problem.error_dict)
    return set()


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"workdir": "shop/spiders", "tags": ["日常", "two words"], "retry_exit_codes": [0, 255]},
        {"params": [{"name": "pages", "type": "integer", "default": 3}], "retry_on": ["failed"]},
    ],
)
def test_a_sound_task_passes(fields):
    assert not wrong(factories.make_task(**fields))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("command", "python 'spider.py"),
        ("workdir", "shop/../../up"),
        ("workdir", "/shop"),
        ("workdir", "shop\\spiders"),
        ("tags", "daily"),
        ("tags", ["a,b"]),
        ("tags", [" a"]),
        ("tags", [str(number) for number in range(21)]),
        ("params", [{"name": "pages", "type": "date"}]),
        ("retry_on", ["canceled"]),
        ("retry_exit_codes", [True]),
        ("retry_exit_codes", [-1]),
        ("retry_exit_codes", "1"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(name, value):
    assert wrong(factories.make_task(**{name: value})) == {name}


def test_a_revision_of_another_project_is_refused():
    assert wrong(factories.make_task(revision=factories.make_revision())) == {"revision"}


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"cron": "61 * * * *"}, "cron"),
        ({"cron": ""}, "cron"),
        ({"cron": "0 0 30 2 *"}, "cron"),
        ({"kind": "interval", "every": None}, "every"),
        ({"kind": "date", "at": None}, "at"),
        ({"kind": "after", "upstream": None}, "upstream"),
    ],
)
def test_a_trigger_that_makes_no_sense_is_refused_at_its_field(fields, name):
    trigger = factories.make_trigger()
    for field, value in fields.items():
        setattr(trigger, field, value)
    assert wrong(trigger) == {name}


def test_a_trigger_must_come_true_when_it_is_made_or_changed_but_may_be_over_later():
    past = timezone.now() - timedelta(hours=1)
    fired = factories.make_trigger(kind="date", at=past)
    assert not wrong(fired)
    fired.at = past - timedelta(hours=1)
    assert wrong(fired) == {"at"}
    ending = factories.make_trigger()
    ending.ends_at = past
    assert wrong(ending) == {"ends_at"}


def test_tasks_do_not_start_each_other_for_ever():
    first, second, third = (factories.make_task() for _task in range(3))
    factories.make_trigger(second, kind="after", upstream=first)
    factories.make_trigger(third, kind="after", upstream=second)
    trigger = factories.make_trigger(first)
    trigger.kind, trigger.upstream = "after", third
    assert wrong(trigger) == {"upstream"}
    trigger.upstream = factories.make_task()
    assert not wrong(trigger)
