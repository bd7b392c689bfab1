import contextlib
import os
import signal
from datetime import timedelta

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from envs import builder, keeping, places
from envs.builder import place
from envs.models import Build
from tests.envs.conftest import until
from tests.factories import make_build, make_environment

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("phase", ["resolve", "venv", "install", "verify"])
def test_a_builder_that_is_killed_leaves_no_half_environment_in_use(yard, phase):
    environment = yard.environment("alpha\n")
    build = yard.start(environment)
    directory = places.directory(build)
    progress = until(lambda: reached(directory, phase))
    # It may have been done before the signal comes.
    with contextlib.suppress(ProcessLookupError):
        os.killpg(progress.pid, signal.SIGKILL)
    yard.wait(build)
    environment.refresh_from_db()

    assert build.status in {"failed", "ready"}
    if build.status == "failed":
        assert (build.reason, build.interpreter) == ("lost", "")
        assert environment.current_build is None
    assert yard.build(environment).status == "ready"


def reached(directory, phase):
    """Return the progress once the builder is in the phase or beyond."""
    order = ["resolve", "venv", "install", "verify", "record"]
    progress = place.read_progress(directory)
    is_there = progress and order.index(progress.phase) >= order.index(phase)
    return progress if is_there else None


def test_what_was_changed_meanwhile_is_built_next(yard):
    environment = yard.environment("beta==1.0\n")
    build = yard.start(environment)
    environment.requirements = "beta==2.0\n"
    environment.save()
    yard.wait(build)
    environment.refresh_from_db()

    following = environment.builds.get(number=2)
    assert environment.current_build is None
    assert (following.status, following.requirements) == ("pending", "beta==2.0\n")


def test_a_build_whose_directory_is_gone_is_lost():
    build = make_build(make_environment(is_ready=False, kind="venv"), status="building", key="gone")
    places.directory(build).rmdir()

    assert keeping.bring_home_builds() == 1
    build.refresh_from_db()
    assert (build.status, build.reason) == ("failed", "lost")


def test_a_delivery_that_was_lost_is_sent_again(django_capture_on_commit_callbacks):
    build = make_build(make_environment(is_ready=False, kind="venv"), status="pending")
    places.directory(build).rmdir()
    with django_capture_on_commit_callbacks(execute=True):
        keeping.bring_home_builds()
    assert not OrmQ.objects.exists()

    Build.objects.filter(pk=build.pk).update(created_at=timezone.now() - timedelta(minutes=1))
    with django_capture_on_commit_callbacks(execute=True):
        assert keeping.bring_home_builds() == 0
    assert OrmQ.objects.count() == 1


def test_an_outcome_is_brought_home_once(yard):
    environment = yard.environment("beta\n")
    build = yard.build(environment)
    outcome = builder.read_outcome(places.directory(build))

    assert not keeping.take(build, outcome)
    assert environment.builds.count() == 1
