from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from audit.models import AuditEntry
from tasks.models import Run, Task
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def body(db):
    """The least that makes a task."""
    return {
        "slug": "prices",
        "project": factories.make_project().slug,
        "environment": factories.make_environment().slug,
        "command": "python spider.py",
    }


def test_a_task_is_made_with_all_there_is_to_say(admin_calls, body):
    group = factories.make_group(slug="shop-site")
    given = body | {
        "title": "价格",
        "command": ["python", "spider.py", "two words"],
        "tags": ["daily"],
        "params": [{"name": "pages", "type": "integer", "default": 3}],
        "retry_count": 2,
        "retry_delay": 0.5,
        "timeout": 60,
        "priority": 5,
        "overlap": "parallel",
        "max_parallel": 2,
        "misfire": "skip",
        "memory_limit_mb": 256,
        "stop_signal": "INT",
        "grace": 3,
        "groups": [group.slug],
        "enabled": False,
    }
    answer = admin_calls.post("/tasks", given)
    assert answer.status_code == 201, answer.json()
    expected = given | {"command": "python spider.py 'two words'"}
    shown = admin_calls.get("/tasks/prices").json()
    assert {name: shown[name] for name in expected} == expected
    entry = AuditEntry.objects.first()
    assert (entry.action, entry.object_name) == ("create", "价格")
    assert entry.changes["retry_count"] == [None, 2]


def test_triggers_of_every_kind_are_made_and_fire_next(admin_calls, body):
    upstream = factories.make_task()
    at = timezone.now() + timedelta(days=3)
    body["triggers"] = [
        {"kind": "cron", "cron": "30 2 * * *", "time_zone": "Asia/Shanghai"},
        {"kind": "interval", "every": 90},
        {"kind": "date", "at": at.isoformat()},
        {"kind": "after", "after": upstream.slug, "result": "end"},
    ]
    shown = admin_calls.post("/tasks", body).json()
    assert [each["kind"] for each in shown["triggers"]] == ["cron", "interval", "date", "after"]
    assert [bool(each["next_fire_at"]) for each in shown["triggers"]] == [True, True, True, False]
    fires = admin_calls.get("/tasks/prices/fires", count=3).json()
    assert len(fires) == 3
    times = [datetime.fromisoformat(fire["at"]) for fire in fires]
    assert times == sorted(times)
    assert all(time.tzinfo for time in times)


def test_a_time_without_an_offset_is_of_the_triggers_zone(admin_calls, body):
    year = timezone.now().year + 1
    trigger = {"kind": "date", "at": f"{year}-03-01T08:00:00", "time_zone": "Asia/Shanghai"}
    admin_calls.post("/tasks", body | {"triggers": [trigger]})
    fires = admin_calls.get("/tasks/prices/fires").json()
    assert [fire["at"] for fire in fires] == [f"{year}-03-01T08:00:00+08:00"]


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"slug": "No Slug"}, "slug"),
        ({"slug": "s" * 65}, "slug"),
        ({"project": "nowhere"}, "project"),
        ({"project": 1}, "project"),
        ({"environment": "nowhere"}, "environment"),
        ({"node": "nowhere"}, "node"),
        ({"revision": 9}, "revision"),
        ({"groups": ["nowhere"]}, "groups"),
        ({"command": ""}, "command"),
        ({"command": "python 'spider.py"}, "command"),
        ({"command": "c" * 4001}, "command"),
        ({"command": []}, "command"),
        ({"workdir": "../up"}, "workdir"),
        ({"workdir": "/etc"}, "workdir"),
        ({"tags": [1]}, "tags.0"),
        ({"tags": ["a" * 51]}, "tags"),
        ({"params": [{"name": "not a name"}]}, "params"),
        ({"params": {"pages": 1}}, "params"),
        ({"retry_count": -1}, "retry_count"),
        ({"retry_count": 1.5}, "retry_count"),
        ({"retry_delay": "60"}, "retry_delay"),
        ({"retry_backoff": 0}, "retry_backoff"),
        ({"retry_on": ["succeeded"]}, "retry_on"),
        ({"retry_exit_codes": [256]}, "retry_exit_codes"),
        ({"timeout": -1}, "timeout"),
        ({"timeout": None}, "timeout"),
        ({"stop_signal": "KILL"}, "stop_signal"),
        ({"memory_limit_mb": -5}, "memory_limit_mb"),
        ({"priority": 1000}, "priority"),
        ({"overlap": "sometimes"}, "overlap"),
        ({"misfire": "never"}, "misfire"),
        ({"enabled": "yes"}, "enabled"),
        ({"titel": "Prices"}, "titel"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(admin_calls, body, change, wrong):
    answer = admin_calls.post("/tasks", body | change)
    assert answer.status_code == 422
    named = answer.json()["errors"]
    assert wrong in {name.removesuffix(".str").removesuffix(".list[constrained-str]")
                     for name in named}, named  # fmt: skip
    assert not Task.objects.exists()


@pytest.mark.parametrize(
    ("trigger", "wrong"),
    [
        ({"kind": "monthly"}, "triggers.0.kind"),
        ({"kind": "cron"}, "triggers.0.cron"),
        ({"kind": "cron", "cron": "61 * * * *"}, "triggers.0.cron"),
        ({"kind": "cron", "cron": "0 0 30 2 *"}, "triggers.0.cron"),
        ({"kind": "cron", "cron": "0 0 * * *", "time_zone": "Mars/Base"}, "triggers.0.time_zone"),
        ({"kind": "interval"}, "triggers.0.every"),
        ({"kind": "interval", "every": 0}, "triggers.0.every"),
        ({"kind": "date", "at": "2001-01-01T00:00:00Z"}, "triggers.0.at"),
        ({"kind": "date", "at": "tomorrow"}, "triggers.0.at"),
        ({"kind": "date", "at": "9999-12-31T23:59:59Z"}, "triggers.0.at"),
        ({"kind": "after", "after": "nowhere"}, "triggers.0.after"),
        ({"kind": "cron", "cron": "0 0 * * *", "jitter": -1}, "triggers.0.jitter"),
        ({"kind": "cron", "cron": "0 0 * * *", "often": True}, "triggers.0.often"),
    ],
)
def test_a_wrong_trigger_is_refused_at_its_field(admin_calls, body, trigger, wrong):
    answer = admin_calls.post("/tasks", body | {"triggers": [trigger]})
    assert (answer.status_code, set(answer.json()["errors"])) == (422, {wrong})
    assert not Task.objects.exists()


def test_a_task_is_changed_field_by_field(admin_calls):
    task = factories.make_task(retry_count=1)
    answer = admin_calls.patch(f"/tasks/{task.slug}", {"timeout": 30, "enabled": False})
    assert answer.status_code == 200
    task.refresh_from_db()
    assert (task.timeout, task.is_enabled, task.retry_count) == (30, False, 1)
    changes = AuditEntry.objects.first().changes
    assert changes == {"timeout": [0, 30], "is_enabled": [True, False]}


def test_a_trigger_that_is_given_again_stays_the_same(admin_calls):
    task = factories.make_task()
    kept = factories.make_trigger(task, cron="0 12 * * *", time_zone="UTC")
    factories.make_trigger(task, kind="interval", every=5)
    body = {"triggers": [{"kind": "cron", "cron": "0 12 * * *", "time_zone": "UTC"},
                         {"kind": "interval", "every": 9}]}  # fmt: skip
    shown = admin_calls.patch(f"/tasks/{task.slug}", body).json()["triggers"]
    assert shown[0]["id"] == kept.pk
    assert [each["every"] for each in shown] == [None, 9]
    assert admin_calls.patch(f"/tasks/{task.slug}", {"triggers": []}).json()["triggers"] == []


def test_a_task_is_neither_renamed_nor_given_a_foreign_revision(admin_calls):
    task, foreign = factories.make_task(), factories.make_revision(number=7)
    assert admin_calls.patch(f"/tasks/{task.slug}", {"slug": "new"}).status_code == 422
    answer = admin_calls.patch(f"/tasks/{task.slug}", {"revision": foreign.number})
    assert (answer.status_code, set(answer.json()["errors"])) == (422, {"revision"})


def test_a_deleted_task_leaves_its_history(admin_calls):
    run = factories.make_run(status="succeeded")
    waiting = factories.make_run(run.task)
    slug = run.task.slug
    assert admin_calls.delete(f"/tasks/{slug}").status_code == 204
    shown = admin_calls.get(f"/runs/{run.pk}").json()
    assert (shown["task"], shown["status"]) == (slug, "succeeded")
    assert admin_calls.get(f"/runs/{waiting.pk}").json()["status"] == "canceled"
    assert admin_calls.get(f"/tasks/{slug}").status_code == 404


def test_tasks_are_listed_by_project_and_tag(admin_calls):
    task = factories.make_task(tags=["每日"])
    factories.make_task()
    for query in ({"project": task.project.slug}, {"tag": "每日"}):
        items = admin_calls.get("/tasks", **query).json()["items"]
        assert [each["slug"] for each in items] == [task.slug]


def test_a_task_runs_with_its_parameters(admin_calls):
    task = factories.make_task(params=[{"name": "pages", "type": "integer", "default": 1}])
    answer = admin_calls.post(f"/tasks/{task.slug}/runs", {"params": {"pages": 5}, "priority": 7})
    assert answer.status_code == 202
    run = Run.objects.get(pk=answer.json()["id"])
    assert (run.params, run.priority, run.origin) == ({"pages": 5}, 7, "api")
    assert run.requested_by == admin_calls.user
    assert answer.json()["url"] == f"/api/v1/runs/{run.pk}"
    assert AuditEntry.objects.first().action == "run"


def test_a_run_needs_no_body(admin_calls):
    task = factories.make_task()
    assert admin_calls.send("POST", f"/tasks/{task.slug}/runs", "").status_code == 202


def test_the_same_key_gives_the_same_run(admin_calls):
    task = factories.make_task(overlap="parallel")
    calls = [admin_calls.post(f"/tasks/{task.slug}/runs", {"idempotency_key": "k"}) for _ in "ab"]
    assert calls[0].json()["id"] == calls[1].json()["id"]
    assert task.runs.count() == 1


def test_the_overlap_policy_holds(admin_calls):
    run = factories.make_run(status="running")
    answer = admin_calls.post(f"/tasks/{run.task.slug}/runs")
    assert (answer.status_code, answer.json()["status"], answer.json()["reason"]) == (
        202,
        "skipped",
        "overlap",
    )


def test_a_full_queue_takes_no_more(admin_calls):
    run = factories.make_run(factories.make_task(overlap="parallel", queue_limit=1))
    answer = admin_calls.post(f"/tasks/{run.task.slug}/runs")
    assert (answer.status_code, run.task.runs.count()) == (429, 1)


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"params": {"pages": "many"}}, "params.pages"),
        ({"params": {"sites": 1}}, "params.sites"),
        ({"params": []}, "params"),
        ({"priority": 101}, "priority"),
        ({"priority": "high"}, "priority"),
        ({"idempotency_key": ""}, "idempotency_key"),
        ({"idempotency_key": "k" * 201}, "idempotency_key"),
        ({"force": True}, "force"),
    ],
)
def test_a_wrong_run_is_refused_at_its_field(admin_calls, given, wrong):
    task = factories.make_task(params=[{"name": "pages", "type": "integer"}])
    answer = admin_calls.post(f"/tasks/{task.slug}/runs", given)
    assert (answer.status_code, set(answer.json()["errors"])) == (422, {wrong})
    assert not Run.objects.exists()


def test_a_task_is_paused_and_resumed(admin_calls):
    task = factories.make_task()
    assert admin_calls.post(f"/tasks/{task.slug}/pause").json()["paused_at"]
    assert admin_calls.post(f"/tasks/{task.slug}/pause").status_code == 409
    assert admin_calls.post(f"/tasks/{task.slug}/resume").json()["paused_at"] is None
    assert AuditEntry.objects.first().action == "resume"


@pytest.mark.parametrize("count", [0, 501, "x"])
def test_a_wrong_number_of_fires_is_refused(admin_calls, count):
    task = factories.make_task()
    assert admin_calls.get(f"/tasks/{task.slug}/fires", count=count).status_code == 422


def test_tasks_that_would_start_each_other_for_ever_are_refused(admin_calls):
    first, second = factories.make_task(), factories.make_task()
    factories.make_trigger(second, kind="after", upstream=first)
    for upstream in (first, second):
        body = {"triggers": [{"kind": "after", "after": upstream.slug}]}
        answer = admin_calls.patch(f"/tasks/{first.slug}", body)
        assert (answer.status_code, set(answer.json()["errors"])) == (422, {"triggers.0.after"})


def test_a_date_that_has_passed_stays_when_it_is_given_again(admin_calls):
    task, at = factories.make_task(), timezone.now() - timedelta(days=1)
    kept = factories.make_trigger(task, kind="date", at=at)
    body = {"triggers": [{"kind": "date", "at": at.isoformat(), "time_zone": "UTC"}]}
    shown = admin_calls.patch(f"/tasks/{task.slug}", body).json()["triggers"]
    assert [each["id"] for each in shown] == [kept.pk]
