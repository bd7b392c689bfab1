from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from monitoring import alerting
from monitoring.models import Channel, Incident, Message, Rule
from tasks.models import Event, Run
from tests.factories import make_admin, make_run, make_task

pytestmark = pytest.mark.django_db


@pytest.fixture
def rule():
    channel = Channel.objects.create(name="team")
    made = Rule.objects.create(name="all", kinds=Rule.Happening.values, channel=channel)
    alerting.look(timezone.now() - timedelta(hours=1))
    return made


def ended(task, status="failed", **fields):
    return make_run(task, status=status, reason="exit", **fields)


def told() -> list[str]:
    return [message.facts["event"] for message in Message.objects.order_by("pk")]


def look():
    alerting.look(timezone.now())


def test_a_failure_opens_one_incident_and_is_told_once(rule):
    task = make_task(slug="shop")
    for _number in range(3):
        ended(task, exit_code=3)
        look()
        look()
    incident = Incident.objects.get()
    assert (incident.count, incident.closed_at) == (3, None)
    message = Message.objects.get()
    assert message.title == "Kumo: shop failed after the last retry"
    assert "Exit code 3." in message.text


def test_a_success_closes_it_and_is_told(rule):
    task = make_task()
    ended(task)
    look()
    ended(task, "succeeded")
    look()
    assert Incident.objects.get().closed_at
    assert told() == ["opened", "recovered"]


def test_a_success_without_a_failure_is_no_news(rule):
    ended(make_task(), "succeeded")
    look()
    assert told() == []


def test_what_a_person_stopped_is_no_failure(rule):
    ended(make_task(), "canceled")
    look()
    assert told() == []


def test_a_flapping_task_is_told_of_at_most_once_in_the_rules_time(rule):
    task = make_task()
    for status in ("failed", "succeeded", "failed", "succeeded"):
        ended(task, status)
        look()
    assert Incident.objects.count() == 2
    assert told() == ["opened", "recovered"]


@pytest.mark.parametrize(
    ("scope", "is_told"), [({"tag": "prod"}, True), ({"tag": "test"}, False), ({}, True)]
)
def test_a_rule_tells_of_its_scope_alone(rule, scope, is_told):
    Rule.objects.filter(pk=rule.pk).update(**scope)
    ended(make_task(tags=["prod"]))
    look()
    assert bool(told()) is is_told


def test_a_rule_of_another_project_or_kind_is_silent(rule):
    Rule.objects.filter(pk=rule.pk).update(project=make_task().project)
    Rule.objects.create(name="late", kinds=["timed_out"], channel=rule.channel)
    ended(make_task())
    look()
    assert told() == []


def test_the_circuit_breaker_alerts_once(rule):
    task = make_task()
    Event.objects.create(task=task, at=timezone.now(), kind="breaker", params={"failed": 3})
    look()
    look()
    assert Message.objects.get().facts["kind"] == "breaker"


def test_a_run_that_is_brought_home_late_is_told_of(rule):
    ended(make_task(), finished_at=timezone.now(), queued_at=timezone.now() - timedelta(hours=5))
    Run.objects.update(started_at=None)
    Run.objects.update(finished_at=timezone.now() - timedelta(hours=4))
    look()
    assert told() == ["opened"]


def test_an_older_success_that_is_heard_of_late_closes_nothing(rule):
    task = make_task()
    ended(task)
    look()
    run = ended(task, "succeeded", queued_at=timezone.now() - timedelta(hours=5))
    Run.objects.filter(pk=run.pk).update(finished_at=timezone.now() - timedelta(hours=4))
    look()
    assert told() == ["opened"]


def test_what_happened_before_there_was_a_rule_is_not_told():
    ended(make_task())
    look()
    channel = Channel.objects.create(name="team")
    Rule.objects.create(name="all", kinds=["failed"], channel=channel)
    look()
    assert told() == []


def test_an_incident_is_acknowledged_on_its_page(rule, client):
    ended(make_task())
    look()
    client.force_login(make_admin())
    url = reverse("admin:monitoring_incident_changelist")
    chosen = {"action": "acknowledge", "_selected_action": [Incident.objects.get().pk]}
    assert client.post(url, chosen, follow=True).status_code == 200
    assert Incident.objects.get().acknowledged_by
