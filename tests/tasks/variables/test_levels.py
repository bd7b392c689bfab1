import pytest

from tasks.models import Task, Variable
from tasks.variables import WrongKey, effective, for_run, set_variable
from tasks.variables.levels import MASK
from tests.factories import make_project, make_task

pytestmark = pytest.mark.django_db


def test_the_nearer_level_wins_and_says_what_it_hides():
    task = make_task()
    set_variable("SITE", "everywhere")
    set_variable("SITE", "here", project=task.project)
    set_variable("SITE", "now", task=task)

    (each,) = effective(task)
    assert (each.key, each.value, each.level) == ("SITE", "now", "task")
    assert [str(level) for level in each.hides] == ["project", "global"]
    assert for_run(task) == ({"SITE": "now"}, [])


def test_other_projects_and_tasks_have_no_part_in_it():
    task = make_task()
    set_variable("A", "1", project=make_project())
    set_variable("B", "2", task=make_task())
    set_variable("C", "3")

    assert for_run(task) == ({"C": "3"}, [])


def test_a_task_that_is_not_saved_gets_what_is_above_it():
    project = make_project()
    set_variable("A", "1", project=project)
    set_variable("B", "2", task=make_task())

    assert [each.key for each in effective(Task(project=project))] == ["A"]


def test_a_secret_is_given_to_the_run_and_masked_in_pages():
    task = make_task()
    set_variable("TOKEN", "s3cret-value", is_secret=True, task=task)
    set_variable("PLAIN", "seen")

    assert for_run(task) == ({"PLAIN": "seen", "TOKEN": "s3cret-value"}, ["s3cret-value"])
    assert [each.value for each in effective(task)] == ["seen", MASK]


def test_a_hidden_secret_is_not_given():
    task = make_task()
    set_variable("TOKEN", "s3cret-value", is_secret=True)
    set_variable("TOKEN", "plain", task=task)

    assert for_run(task) == ({"TOKEN": "plain"}, [])


def test_a_secret_that_cannot_be_read_stops_the_run_by_its_name(settings):
    task = make_task()
    set_variable("TOKEN", "s3cret-value", is_secret=True, task=task)
    settings.KUMO_FIELD_KEY = "another key of more than thirty-two characters"

    with pytest.raises(WrongKey, match=r"\ATOKEN\Z"):
        for_run(task)


def test_secrets_of_two_rows_cannot_be_exchanged():
    task = make_task()
    mine = set_variable("MINE", "s3cret-value", is_secret=True, task=task)
    other = set_variable("OTHER", "another-value", is_secret=True)
    Variable.objects.filter(pk=mine.pk).update(sealed=other.sealed)

    with pytest.raises(WrongKey):
        for_run(task)


def test_a_secret_cannot_be_moved_to_another_task():
    secret = set_variable("TOKEN", "s3cret-value", is_secret=True, task=make_task())
    thief = make_task()
    Variable.objects.filter(pk=secret.pk).update(task=thief)

    with pytest.raises(WrongKey):
        for_run(thief)
