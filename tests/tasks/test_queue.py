import pytest

from tasks.models import Run
from tasks.queue import QueueFull, WrongParams, enqueue
from tasks.rerun import TaskGone, run_again
from tasks.stopping import request_stop
from tests.factories import make_run, make_task

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def api_run(task, **fields) -> Run:
    return enqueue(task, Run.Origin.API, **fields)


def statuses(task) -> list[str]:
    return list(task.runs.order_by("pk").values_list("status", flat=True))


def test_a_run_waits_with_the_priority_of_its_task():
    run = api_run(make_task(priority=7))
    assert (run.status, run.priority, run.queued_at) == ("queued", 7, run.changed_at)


@pytest.mark.parametrize("first", ["queued", "running", "retry_wait"])
def test_skip_makes_no_second_run_while_one_is_active(first):
    task = make_task(overlap="skip")
    make_run(task, status=first)
    assert (api_run(task).status, api_run(task).reason) == ("skipped", "overlap")


def test_queue_lets_one_run_wait():
    task = make_task(overlap="queue")
    make_run(task, status="running")
    api_run(task)
    api_run(task)
    assert statuses(task) == ["running", "queued", "skipped"]


def test_parallel_lets_as_many_wait_as_the_queue_is_long():
    task = make_task(overlap="parallel", max_parallel=2, queue_limit=2)
    api_run(task)
    api_run(task)
    with pytest.raises(QueueFull) as full:
        api_run(task)
    assert full.value.limit == 2
    fired = enqueue(task, Run.Origin.TRIGGER)
    assert (fired.status, fired.reason) == ("skipped", "queue_full")


def test_replace_cancels_what_waits_and_stops_what_runs():
    task = make_task(overlap="replace")
    running, waiting = make_run(task, status="running"), make_run(task)
    new = api_run(task)
    running.refresh_from_db()
    waiting.refresh_from_db()
    assert (running.status, running.stop_reason) == ("running", "replaced")
    assert (waiting.status, waiting.reason) == ("canceled", "replaced")
    assert new.status == "queued"


def test_the_same_key_gives_the_same_run():
    task = make_task()
    first = api_run(task, idempotency_key="monday")
    assert api_run(task, idempotency_key="monday").pk == first.pk
    assert task.runs.count() == 1


def test_wrong_parameters_make_no_run():
    task = make_task(params=[{"name": "pages", "type": "integer", "required": True}])
    with pytest.raises(WrongParams) as wrong:
        api_run(task, params={"page": 1})
    assert set(wrong.value.errors) == {"page", "pages"}
    assert not task.runs.exists()


def test_a_queue_timeout_gives_the_run_an_end():
    run = api_run(make_task(queue_timeout=60))
    assert (run.expires_at - run.queued_at).total_seconds() == 60


def test_a_waiting_run_is_canceled_by_a_stop_and_stays_so():
    run = api_run(make_task())
    assert request_stop(run)
    assert not request_stop(run)
    run.refresh_from_db()
    assert (run.status, run.reason, bool(run.finished_at)) == ("canceled", "stop", True)


def test_the_first_reason_of_a_stop_stays_and_the_second_stop_is_at_once():
    run = make_run(status="running")
    assert request_stop(run, "replaced")
    assert request_stop(run, "user")
    run.refresh_from_db()
    assert (run.stop_reason, run.stop_at_once) == ("replaced", True)


def test_run_again_keeps_the_parameters_and_knows_what_it_repeats():
    task = make_task(params=[{"name": "pages", "type": "integer"}])
    run = make_run(task, status="failed", params={"pages": 2})
    again = run_again(run)
    assert (again.params, again.rerun_of, again.origin) == ({"pages": 2}, run, "rerun")


def test_a_run_without_its_task_cannot_run_again():
    run = make_run(status="failed")
    run.task.delete()
    run.refresh_from_db()
    with pytest.raises(TaskGone):
        run_again(run)
