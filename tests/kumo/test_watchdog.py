import pytest

from kumo.watchdog import LOOK_EVERY, PATIENCE, Watchdog
from tests.factories import make_attempt, make_node, make_run, make_task

pytestmark = [pytest.mark.database, pytest.mark.django_db]


@pytest.fixture
def node():
    return make_node(slots=1)


@pytest.fixture
def restarts():
    return []


@pytest.fixture
def watchdog(node, restarts):
    return Watchdog(node, restart=lambda: restarts.append(True))


def watch(watchdog, seconds: float) -> None:
    """Look as often as the keeper does, for that long."""
    for look in range(int(seconds / LOOK_EVERY) + 2):
        watchdog.look(now=1000 + look * LOOK_EVERY)


def test_it_has_the_worker_restarted_when_a_run_could_start_and_does_not(watchdog, restarts):
    make_run()
    watch(watchdog, PATIENCE)
    assert restarts == [True]


def test_it_is_patient_for_half_a_minute(watchdog, restarts):
    make_run()
    watch(watchdog, PATIENCE - 2 * LOOK_EVERY)
    assert not restarts


def test_it_is_content_when_nothing_waits(watchdog, restarts):
    watch(watchdog, 2 * PATIENCE)
    assert not restarts


def test_a_node_without_a_free_slot_is_not_stuck(watchdog, node, restarts):
    make_attempt(make_run(status="running", node=node), node=node)
    make_run()
    watch(watchdog, 2 * PATIENCE)
    assert not restarts


def test_a_node_that_takes_no_runs_is_not_stuck(watchdog, node, restarts):
    node.is_accepting = False
    node.save(update_fields=["is_accepting"])
    make_run()
    watch(watchdog, 2 * PATIENCE)
    assert not restarts


def test_a_task_at_its_limit_is_not_stuck(watchdog, node, restarts):
    node.slots = 5
    node.save(update_fields=["slots"])
    task = make_task(max_parallel=1)
    make_attempt(make_run(task, status="running", node=node), node=node)
    make_run(task)
    watch(watchdog, 2 * PATIENCE)
    assert not restarts


def test_a_node_that_starts_runs_is_not_stuck(watchdog, node, restarts):
    node.slots = 50
    node.save(update_fields=["slots"])
    make_run()
    for look in range(8):
        make_attempt(make_run(status="running", node=node), node=node)
        watchdog.look(now=1000 + look * LOOK_EVERY)
    assert not restarts
