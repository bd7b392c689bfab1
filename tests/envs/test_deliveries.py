import pytest
from django_q.models import OrmQ

from envs import building, deliveries, places
from tests.factories import make_build, make_environment

pytestmark = pytest.mark.django_db


def test_a_build_is_delivered_by_its_number(django_capture_on_commit_callbacks):
    environment = make_environment(is_ready=False, kind="venv")
    with django_capture_on_commit_callbacks(execute=True):
        build = building.request_build(environment)

    (message,) = [each.task for each in OrmQ.objects.all()]
    assert (message["func"], message["args"]) == ("envs.deliveries.start_build", (build.pk,))


def test_a_delivery_for_a_build_that_is_no_more_does_nothing():
    deliveries.start_build(987_654)


def test_files_that_nothing_uses_are_removed():
    kept = make_build()
    gone = places.directory(kept).parent / "0123456789abcdef"
    gone.mkdir()
    deliveries.remove_files(0)

    assert places.directory(kept).exists()
    assert not gone.exists()
