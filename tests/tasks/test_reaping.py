from datetime import timedelta

import pytest
from django.utils import timezone

from nodes.local import local_node
from tasks.dispatch import snapshot
from tasks.models import Attempt, Run
from tasks.reaping import LOOK_EVERY, Reaper
from tests.factories import make_attempt, make_node, make_run, make_task

pytestmark = [pytest.mark.django_db, pytest.mark.fault]
NOW = timezone.now()
LONG = timedelta(minutes=10)


@pytest.fixture
def reaper():
    """A reaper that has been awake for longer than any lease."""
    made = Reaper()
    made.is_awake_since -= LONG.total_seconds()
    return made


def make_held(node=None, lease_until=NOW - LONG) -> Attempt:
    """Return the attempt of a running run on a node that was not heard of since."""
    task = make_task()
    run = make_run(task, status="running", snapshot=snapshot(make_run(task))["snapshot"])
    return make_attempt(run, node=node or make_node(), lease_until=lease_until)


def status(attempt) -> str:
    return Run.objects.get(pk=attempt.run_id).status


def test_the_attempts_of_a_silent_node_are_lost(reaper):
    attempt = make_held()
    reaper.reap(NOW)
    assert status(attempt) == "lost"
    assert Run.objects.get(pk=attempt.run_id).failure


def test_a_lease_that_holds_and_this_nodes_own_are_left_alone(reaper):
    held, own = make_held(lease_until=NOW), make_held(node=local_node())
    reaper.reap(NOW)
    assert (status(held), status(own)) == ("running", "running")


def test_a_reaper_that_was_frozen_loses_nobody(reaper):
    attempt = make_held()
    reaper.looked_at -= LONG.total_seconds()
    reaper.reap(NOW)
    assert status(attempt) == "running"


def test_a_wall_clock_that_jumps_loses_nobody(reaper):
    attempt = make_held(lease_until=NOW + LOOK_EVERY)
    reaper.reap(NOW)
    reaper.reap(NOW + timedelta(hours=6))
    assert status(attempt) == "running"


def test_one_attempt_that_troubles_it_does_not_keep_the_others(reaper):
    bad = make_attempt(make_run(status="running"), node=make_node(), lease_until=NOW - LONG)
    good = make_held()
    reaper.reap(NOW)
    assert status(good) == "lost"
    assert status(bad) == "running"
