import pytest

from envs import places, removal
from envs.models import Build, Environment
from tests.envs.conftest import until
from tests.factories import make_build, make_environment, make_run, make_task

pytestmark = pytest.mark.django_db


def make_builds(environment, number):
    """Return builds with files of their own, the last of them in use."""
    builds = [make_build(environment) for _ in range(number)]
    for build in builds:
        interpreter = places.directory(build) / "venv" / "bin" / "python"
        interpreter.parent.mkdir(parents=True)
        interpreter.write_text("#!/bin/sh\n")
        interpreter.chmod(0o755)
        Build.objects.filter(pk=build.pk).update(interpreter=str(interpreter))
    Environment.objects.filter(pk=environment.pk).update(current_build=builds[-1])
    return builds


def kept(builds):
    return [(places.directory(build) / "venv").exists() for build in builds]


def test_old_builds_that_nothing_uses_lose_their_files():
    builds = make_builds(make_environment(is_ready=False, kind="venv"), 5)

    assert removal.collect() == 2
    assert kept(builds) == [False, False, True, True, True]
    assert Build.objects.filter(interpreter="").count() == 2
    assert Build.objects.count() == 5


def test_builds_of_runs_that_go_on_are_kept():
    environment = make_environment(is_ready=False, kind="venv")
    builds = make_builds(environment, 5)
    task = make_task(environment=environment)
    make_run(task, status="running", build=builds[0])
    make_run(task, status="succeeded", build=builds[1])
    make_run(task, status="retry_wait", build=builds[1])

    assert removal.collect() == 0
    assert all(kept(builds))


def test_an_old_build_in_use_is_kept():
    environment = make_environment(is_ready=False, kind="venv")
    builds = make_builds(environment, 5)
    Environment.objects.filter(pk=environment.pk).update(current_build=builds[0])

    assert removal.collect() == 1
    assert kept(builds) == [True, False, True, True, True]


def test_an_interpreter_of_the_machine_is_never_removed(tmp_path):
    environment = make_environment(is_ready=False)
    interpreter = tmp_path / "python"
    interpreter.touch()
    for _ in range(6):
        make_build(environment, interpreter=str(interpreter))

    assert removal.collect() == 0
    assert interpreter.exists()


def test_an_environment_that_tasks_use_is_not_deleted():
    task = make_task(title="Quotes")

    with pytest.raises(removal.EnvironmentInUse, match="Quotes"):
        removal.delete_environment(task.environment)
    assert Environment.objects.filter(pk=task.environment_id).exists()


def test_the_files_of_a_deleted_environment_are_swept_away(yard):
    environment = yard.environment("beta\n")
    build = yard.build(environment)
    other = yard.build(yard.environment("alpha\n"))
    directory = places.directory(build)
    removal.delete_environment(environment)

    assert removal.sweep() == 1
    assert not directory.parent.exists()
    assert (places.directory(other) / "venv" / "bin" / "python").exists()
    assert [link.exists() for link in places.by_lock().iterdir()] == [True]


def test_a_builder_at_work_is_ended_before_its_files_go(yard, django_capture_on_commit_callbacks):
    environment = yard.environment("alpha\n")
    build = yard.start(environment)
    directory = places.directory(build)
    with django_capture_on_commit_callbacks(execute=True):
        removal.delete_environment(environment)

    until(lambda: removal.sweep() or not directory.exists())
    assert not directory.exists()
