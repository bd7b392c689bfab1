from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasks.models import Attempt, Run
from tasks.statuses import (
    ATTEMPT_CHANGES,
    ATTEMPT_TERMINAL,
    RUN_CHANGES,
    RUN_TERMINAL,
    AttemptStatus,
    RunStatus,
)
from tasks.transitions import change_attempt, change_run
from tests.factories import make_attempt, make_run, make_trigger

pytestmark = [pytest.mark.django_db, pytest.mark.database]
STATUSES = [str(status) for status in RunStatus]
ATTEMPT_STATUSES = [str(status) for status in AttemptStatus]


@pytest.fixture
def run(db):
    return make_run()


@pytest.fixture
def attempt(db):
    return make_attempt(status="assigned")


PROPERTY = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@PROPERTY
@given(st.lists(st.sampled_from(STATUSES), max_size=8))
def test_a_run_changes_as_the_table_says_and_ends_once(run, wanted):
    Run.objects.filter(pk=run.pk).update(status="queued", finished_at=None)
    status = "queued"
    for to in wanted:
        won = change_run(run.pk, to)
        assert won == (to in RUN_CHANGES.get(status, ()))
        status = to if won else status
        row = Run.objects.get(pk=run.pk)
        assert row.status == status
        assert (row.finished_at is not None) == (status in RUN_TERMINAL)


@PROPERTY
@given(st.lists(st.tuples(st.sampled_from(ATTEMPT_STATUSES), st.booleans()), max_size=8))
def test_an_attempt_changes_only_for_who_has_its_fence(attempt, wanted):
    Attempt.objects.filter(pk=attempt.pk).update(status="assigned", finished_at=None)
    status = "assigned"
    for to, is_stale in wanted:
        won = change_attempt(attempt.pk, attempt.fence - is_stale, to)
        assert won == (not is_stale and to in ATTEMPT_CHANGES.get(status, ()))
        status = to if won else status
        row = Attempt.objects.get(pk=attempt.pk)
        assert row.status == status
        assert (row.finished_at is not None) == (status in ATTEMPT_TERMINAL)


def refused(model, **fields) -> bool:
    try:
        with transaction.atomic():
            model.objects.update(**fields)
    except IntegrityError:
        return True
    return False


@pytest.mark.parametrize("status", [status for status in STATUSES if status in RUN_TERMINAL])
def test_the_database_refuses_an_end_without_its_time(run, status):
    assert refused(Run, status=status)


def test_the_database_refuses_times_in_the_wrong_order(run):
    early = run.queued_at - timedelta(hours=1)
    assert refused(Run, started_at=early)
    assert refused(Run, started_at=run.queued_at, finished_at=early, status="failed")


def test_the_database_refuses_a_second_active_attempt(attempt):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_attempt(attempt.run, number=2)


def test_the_database_refuses_a_second_run_of_a_fire():
    trigger, at = make_trigger(), timezone.now()
    make_run(trigger.task, trigger=trigger, scheduled_for=at)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_run(trigger.task, trigger=trigger, scheduled_for=at)
