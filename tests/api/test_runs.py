from datetime import timedelta

import pytest
from django.utils import timezone

from tasks.models import Fire, Run
from tests import factories

pytestmark = pytest.mark.django_db

CONTRACT = {
    "id", "task", "project", "status", "reason", "scheduled_for", "queued_at", "started_at",
    "finished_at", "revision", "environment_build", "node", "trigger", "exit_code", "signal",
    "peak_rss_bytes", "cpu_seconds", "survivors", "attempts", "waiting_for",
}  # fmt: skip


def test_a_run_tells_all_about_itself(admin_calls):
    node = factories.make_node()
    run = factories.make_run(
        status="failed", reason="exit", exit_code=3, node=node, params={"pages": 2}
    )
    factories.make_attempt(run, status="failed", reason="exit", exit_code=3, node=node)
    shown = admin_calls.get(f"/runs/{run.pk}").json()
    assert set(shown) >= CONTRACT
    assert (shown["status"], shown["exit_code"], shown["node"]) == ("failed", 3, node.slug)
    assert (shown["revision"], shown["params"]) == (1, {"pages": 2})
    assert shown["waiting_for"] is None
    assert "3" in shown["explanation"]
    attempt = shown["attempts"][0]
    assert (attempt["number"], attempt["status"], attempt["exit_code"]) == (1, "failed", 3)


def test_a_waiting_run_says_what_it_waits_for(admin_calls):
    going = factories.make_run(status="running")
    run = factories.make_run(going.task)
    waiting = admin_calls.get(f"/runs/{run.pk}").json()["waiting_for"]
    assert (waiting["reason"], waiting["runs"], waiting["place"]) == ("task", [going.pk], 1)


def test_runs_are_found_by_task_project_status_and_time(admin_calls):
    now = timezone.now()
    old = factories.make_run(status="succeeded", queued_at=now - timedelta(days=2))
    new = factories.make_run(status="failed", queued_at=now)

    def found(**query):
        return [run["id"] for run in admin_calls.get("/runs", **query).json()["items"]]

    yesterday = (now - timedelta(days=1)).isoformat()
    assert found() == [new.pk, old.pk]
    assert found(task=old.task_slug) == [old.pk]
    assert found(project=new.project_slug) == [new.pk]
    assert found(status="succeeded") == [old.pk]
    assert found(since=yesterday) == [new.pk]
    assert found(until=yesterday) == [old.pk]
    assert found(task="nothing") == []


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ({"status": "done"}, "status"),
        ({"since": "yesterday"}, "since"),
        ({"until": "9999-12-31T23:59:59Z"}, "until"),
        ({"until": "0001-01-01T00:00:00Z"}, "until"),
        ({"since": "1e300"}, "since"),
    ],
)
def test_a_wrong_filter_is_refused(admin_calls, query, wrong):
    answer = admin_calls.get("/runs", **query)
    assert (answer.status_code, set(answer.json()["errors"])) == (422, {wrong})


@pytest.mark.parametrize("id", ["999999", "9" * 40, "x", "-1"])
def test_an_unknown_run_is_not_found(admin_calls, id):  # noqa: A002
    for method, path in (("GET", ""), ("GET", "/log"), ("POST", "/cancel"), ("POST", "/rerun")):
        answer = admin_calls.send(method, f"/runs/{id}{path}")
        assert answer.status_code == 404
        assert answer.json()["detail"]


def test_a_waiting_run_is_canceled(admin_calls):
    run = factories.make_run()
    answer = admin_calls.post(f"/runs/{run.pk}/cancel")
    assert (answer.status_code, answer.json()["status"]) == (202, "canceled")
    assert admin_calls.post(f"/runs/{run.pk}/cancel").status_code == 409


def test_a_second_stop_is_at_once(admin_calls):
    run = factories.make_run(status="running")
    for at_once in (False, True):
        assert admin_calls.post(f"/runs/{run.pk}/cancel").status_code == 202
        run.refresh_from_db()
        assert run.stop_requested_at is not None
        assert run.stop_at_once == at_once


def test_a_run_is_run_again_with_the_same_or_other_parameters(admin_calls):
    task = factories.make_task(params=[{"name": "pages", "type": "integer"}], overlap="parallel")
    run = factories.make_run(task, status="failed", params={"pages": 4})
    same = admin_calls.post(f"/runs/{run.pk}/rerun")
    other = admin_calls.post(f"/runs/{run.pk}/rerun", {"params": {"pages": 9}})
    wrong = admin_calls.post(f"/runs/{run.pk}/rerun", {"params": {"pages": "all"}})
    assert (same.status_code, other.status_code, wrong.status_code) == (202, 202, 422)
    reruns = Run.objects.filter(rerun_of=run).order_by("pk")
    assert [again.params["pages"] for again in reruns] == [4, 9]


def test_what_has_no_task_any_more_cannot_run_again(admin_calls):
    run = factories.make_run(status="failed")
    run.task.delete()
    assert admin_calls.post(f"/runs/{run.pk}/rerun").status_code == 409


def test_a_run_is_pinned(admin_calls):
    run = factories.make_run(status="failed")
    assert admin_calls.patch(f"/runs/{run.pk}", {"pinned": True}).json()["pinned"] is True
    assert admin_calls.patch(f"/runs/{run.pk}", {"pinned": "yes"}).status_code == 422


def test_only_an_ended_run_is_deleted(admin_calls):
    going, ended = factories.make_run(status="running"), factories.make_run(status="lost")
    assert admin_calls.delete(f"/runs/{going.pk}").status_code == 409
    assert admin_calls.delete(f"/runs/{ended.pk}").status_code == 204
    assert list(Run.objects.all()) == [going]


def test_the_ledger_is_listed(admin_calls):
    run = factories.make_run()
    now = timezone.now()
    fields = {"task": run.task, "task_slug": run.task_slug}
    Fire.objects.create(due_at=now, decision="run", run=run, **fields)
    earlier = now - timedelta(hours=1)
    Fire.objects.create(due_at=earlier, decision="missed", count=3, **fields)
    items = admin_calls.get("/fires", task=run.task_slug).json()["items"]
    assert {(fire["decision"], fire["count"], fire["run"]) for fire in items} == {
        ("run", 1, run.pk),
        ("missed", 3, None),
    }
    assert len(admin_calls.get("/fires", decision="missed").json()["items"]) == 1
    assert admin_calls.get("/fires", decision="other").status_code == 422
