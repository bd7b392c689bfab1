from datetime import timedelta

import pytest
from django.utils import timezone

from nodes.models import Node
from tasks import dispatch, pausing
from tasks.candidates import LOOKED_AT
from tasks.models import Attempt, ConcurrencyGroup, Maintenance
from tasks.waiting import why
from tests.factories import (
    make_build,
    make_environment,
    make_node,
    make_project,
    make_run,
    make_task,
)

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def node(db):
    return make_node(slots=4)


def claimed(node) -> list[int]:
    """Claim what there is room for; return the runs' ids in the order they were chosen."""
    return [attempt.run_id for attempt in dispatch.claim(node.pk)]


def many(**fields):
    return make_task(overlap="parallel", max_parallel=50, **fields)


def test_a_claim_makes_an_assigned_attempt_of_a_running_run(node):
    run = make_run()
    (attempt,) = dispatch.claim(node.pk)
    run.refresh_from_db()
    assert (run.status, run.node, run.fence, run.attempts_made) == ("running", node, 1, 1)
    assert (attempt.status, attempt.number, attempt.fence) == ("assigned", 1, 1)
    assert run.snapshot["command"] == run.task.command
    assert (run.revision, run.build) == (
        run.task.project.current_revision,
        run.task.environment.current_build,
    )


def test_no_more_than_the_slots_are_taken(node):
    task = many()
    runs = [make_run(task) for _number in range(6)]
    assert claimed(node) == [run.pk for run in runs[:4]]
    assert claimed(node) == []
    assert why(runs[5]).reason == "node"


def test_higher_priority_first_then_the_older(node):
    low, high, other = make_run(priority=1), make_run(priority=5), make_run(priority=5)
    assert claimed(node) == [high.pk, other.pk, low.pk]


def test_waiting_raises_the_priority_so_that_nothing_starves():
    node = make_node(slots=1)
    old = make_run(priority=0, queued_at=timezone.now() - timedelta(hours=2))
    make_run(priority=10)
    assert claimed(node) == [old.pk]


def test_a_task_has_one_run_at_once_unless_it_is_parallel(node):
    task = make_task(overlap="queue")
    first, second = make_run(task), make_run(task)
    assert claimed(node) == [first.pk]
    assert why(second).reason == "task"
    assert [run.pk for run in why(second).blockers] == [first.pk]


def test_a_project_and_a_group_hold_their_limits(node):
    project = make_project(max_parallel=1)
    first, second = make_run(many(project=project)), make_run(many(project=project))
    group = ConcurrencyGroup.objects.create(slug="site", max_parallel=1)
    third, fourth = make_run(many(groups=[group])), make_run(many(groups=[group]))
    assert claimed(node) == [first.pk, third.pk]
    assert why(second).reason == "project"
    assert why(fourth).reason == "group"


def test_a_blocked_task_does_not_hold_up_the_others(node):
    blocked = make_task(overlap="queue", priority=50)
    make_run(blocked, status="running", node=node)
    make_run(blocked, priority=50)
    free = make_run()
    assert claimed(node) == [free.pk]


def test_many_blocked_runs_before_it_do_not_hide_a_free_one(node):
    blocked = make_task(overlap="parallel", max_parallel=1, priority=50)
    make_run(blocked, status="running", node=node)
    for _number in range(LOOKED_AT + 5):
        make_run(blocked, priority=50)
    free = make_run()
    assert claimed(node) == [free.pk]


def test_a_long_queue_fills_the_node_in_one_delivery(monkeypatch):
    node, task = make_node(slots=7), many()
    for _number in range(LOOKED_AT + 20):
        make_run(task)
    started = []
    monkeypatch.setattr("tasks.starting.start", started.append)
    assert dispatch.start_what_fits(node) == 7
    assert len(started) == 7


def test_nothing_is_claimed_in_maintenance_or_by_a_node_that_takes_nothing(node):
    run = make_run()
    Maintenance.begin()
    assert claimed(node) == []
    assert why(run).reason == "maintenance"
    Maintenance.end()
    Node.objects.update(is_accepting=False)
    assert claimed(node) == []
    Node.objects.update(is_accepting=True, is_disk_low=True)
    assert claimed(node) == []
    assert why(run).reason == "disk"


def test_a_pause_holds_fires_and_lets_people_run(node):
    task = many()
    fired, by_hand = make_run(task, origin="trigger"), make_run(task)
    pausing.pause(task)
    assert claimed(node) == [by_hand.pk]
    assert why(fired).reason == "paused"
    pausing.resume(task)
    assert claimed(node) == [fired.pk]


def test_a_run_waits_for_the_first_build_of_its_environment(node):
    environment = make_environment(is_ready=False)
    make_build(environment, status="building")
    run = make_run(make_task(environment=environment))
    assert claimed(node) == []
    assert why(run).reason == "building"


def test_a_retry_is_claimed_when_its_time_has_come(node):
    now = timezone.now()
    make_run(status="retry_wait", attempts_made=1, next_attempt_at=now + timedelta(minutes=5))
    due = make_run(status="retry_wait", attempts_made=1, fence=1, next_attempt_at=now)
    assert claimed(node) == [due.pk]
    assert Attempt.objects.get(run=due).number == 2


def test_a_task_of_another_node_is_left_to_it(node):
    run = make_run(make_task(node=make_node()))
    assert claimed(node) == []
    assert claimed(run.task.node) == [run.pk]


def test_later_edits_leave_a_started_run_as_it_was(node):
    run = make_run()
    dispatch.claim(node.pk)
    run.task.command = "python other.py"
    run.task.save(update_fields=["command"])
    run.refresh_from_db()
    assert run.snapshot["command"] == "python spider.py"
