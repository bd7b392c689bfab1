import sys

import pytest

from audit.models import AuditEntry
from envs import builder, building, keeping, places, running
from envs.models import Build
from tests.envs.conftest import until
from tests.factories import make_build, make_environment, make_user

pytestmark = pytest.mark.django_db


def test_a_build_that_is_ready_is_put_to_use(yard):
    environment = yard.environment("alpha\n")
    build = yard.build(environment)

    assert (build.status, build.reason, build.phase) == ("ready", "", "")
    assert environment.current_build == build
    assert [each["name"] for each in build.packages] == ["alpha", "beta"]
    assert build.lock.split() == ["alpha==1.0", "beta==2.0"]
    assert build.size_bytes > 0
    assert build.started_at <= build.finished_at
    assert running.problem(build) is None
    assert running.path_entries(build) == [str(places.directory(build) / "venv" / "bin")]


def test_a_build_that_fails_leaves_the_old_one_in_use(yard):
    environment = yard.environment("beta\n")
    good = yard.build(environment)
    environment.requirements = "beta==9\n"
    environment.save()
    bad = yard.build(environment)

    assert (bad.status, bad.reason, bad.interpreter) == ("failed", "no_match", "")
    assert "beta" in bad.detail
    assert environment.current_build == good


def test_one_build_goes_at_a_time(yard):
    environment = yard.environment("beta\n")
    build = building.request_build(environment)

    with pytest.raises(building.BuildGoing) as going:
        building.request_build(environment)
    assert going.value.build == build


def test_a_delivery_that_comes_twice_starts_one_builder(yard):
    build = yard.start(yard.environment("beta\n"))
    building.start_build(build.pk)
    Build.objects.filter(pk=build.pk).update(status="pending", started_at=None)
    building.start_build(build.pk)

    assert yard.wait(build).status == "ready"


def test_a_canceled_build_ends_as_canceled(yard):
    environment = yard.environment("beta\n")
    build = yard.start(environment)
    Build.objects.filter(pk=build.pk).update(cancel_requested_at=build.created_at)
    keeping.bring_home_builds()
    yard.wait(build)

    # It may have been done before it heard of it.
    assert build.status in {"canceled", "ready"}
    if build.status == "canceled":
        assert not (places.directory(build) / "venv").exists()


def test_a_build_that_waits_is_canceled_at_once(django_capture_on_commit_callbacks):
    build = building.request_build(make_environment(is_ready=False, kind="venv"))
    with django_capture_on_commit_callbacks(execute=True):
        assert building.cancel_build(build)

    build.refresh_from_db()
    assert (build.status, build.reason) == ("canceled", "canceled")
    building.start_build(build.pk)
    assert not places.directory(build).exists()
    assert not building.cancel_build(build)


def test_an_earlier_build_can_be_used_again(yard):
    environment = yard.environment("beta==1.0\n")
    first = yard.build(environment)
    environment.requirements = "beta==2.0\n"
    environment.save()
    second = yard.build(environment)
    assert environment.current_build == second

    user = make_user()
    building.use_build(environment, first, user)
    environment.refresh_from_db()
    assert environment.current_build == first
    assert AuditEntry.objects.filter(action="use build", user=user).exists()


def test_a_build_without_files_cannot_be_used(yard):
    environment = yard.environment()
    other = make_build(environment, interpreter="/gone/python")
    foreign = make_build()
    failed = make_build(environment, status="failed")

    for build in (other, foreign, failed):
        with pytest.raises(building.BuildNotUsable):
            building.use_build(environment, build)


def test_the_interpreter_of_the_machine_is_looked_at_and_used():
    environment = make_environment(is_ready=False, kind="system", python=sys.executable)
    build = building.request_build(environment)
    environment.refresh_from_db()

    assert (build.status, build.interpreter) == ("ready", sys.executable)
    assert build.python_version.startswith("3.")
    assert environment.current_build == build


def test_an_interpreter_that_is_not_there_fails_with_the_reason(tmp_path):
    path = str(tmp_path / "python")
    environment = make_environment(is_ready=False, kind="system", python=path)
    build = building.request_build(environment)
    environment.refresh_from_db()

    assert (build.status, build.reason) == ("failed", "python_missing")
    assert environment.current_build is None


def test_the_second_environment_of_a_lock_is_made_of_links(yard):
    first = yard.build(yard.environment("alpha\n"))
    second = yard.build(yard.environment("beta\nalpha==1.0\n"))

    assert second.lock == first.lock
    one, two = (next(places.directory(build).rglob("alpha.py")) for build in (first, second))
    assert one.stat().st_ino == two.stat().st_ino
    log = b"".join(path.read_bytes() for path in places.directory(second).glob("log*"))
    assert first.key.encode() in log
    assert builder.read_outcome(places.directory(second)).interpreter == second.interpreter


def test_what_a_spider_changed_is_not_handed_on(yard):
    first = yard.build(yard.environment("beta\n"))
    package = next(places.directory(first).rglob("beta.py"))
    package.unlink()
    package.write_text("VERSION = 'broken'\n")

    second = yard.build(yard.environment("beta\n"))
    assert "broken" not in next(places.directory(second).rglob("beta.py")).read_text()


def test_the_phase_is_shown_while_it_goes_on(yard):
    build = yard.start(yard.environment("alpha\n"))
    directory = places.directory(build)
    until(lambda: builder.read_progress(directory))
    keeping.bring_home_builds()
    build.refresh_from_db()

    assert build.phase or build.finished_at
    assert yard.wait(build).status == "ready"
