import pytest

from tests import factories

pytestmark = pytest.mark.django_db


def test_a_task_can_run_as_it_is_made():
    task = factories.make_task()
    assert (task.project.current_revision.directory / "spider.py").is_file()
    assert task.environment.current_build.interpreter


def test_a_run_is_made_in_every_status(home):
    for status in factories.RunStatus.values:
        run = factories.make_run(status=status)
        assert run.is_terminal == (run.finished_at is not None)


def test_an_attempt_is_made_in_every_status(home):
    for status in factories.AttemptStatus.values:
        attempt = factories.make_attempt(status=status)
        assert attempt.spool.is_relative_to(home)


def test_triggers_of_every_kind_are_made():
    for kind in factories.Trigger.Kind.values:
        assert factories.make_trigger(kind=kind).task_id


def test_a_user_has_the_permissions_asked_for():
    user = factories.make_user("tasks.view_run")
    assert user.has_perm("tasks.view_run")
    assert not user.has_perm("tasks.run_task")
