from datetime import timedelta

import pytest
from django.utils import timezone

from envs import orders
from envs.models import PackageIndex
from tests.factories import make_build, make_environment

pytestmark = pytest.mark.django_db


def make_venv_build(**fields):
    environment = make_environment(
        is_ready=False, kind="venv", requirements="alpha\n", index=fields.pop("index", None)
    )
    return make_build(environment, **fields)


def test_the_order_says_what_and_from_where():
    index = PackageIndex.objects.create(
        slug="near",
        url="https://a.example:8443/simple",
        extra_urls="https://b.example/simple\n\n",
        is_trusted=True,
    )
    order = orders.make(make_venv_build(index=index, status="pending"))

    assert order.requirements == "alpha\n"
    assert order.indexes == ["https://a.example:8443/simple", "https://b.example/simple"]
    assert order.trusted_hosts == ["a.example:8443", "b.example"]
    assert order.python == orders.own_python()


def test_without_an_index_of_its_own_the_default_is_asked():
    build = make_venv_build(status="pending")
    assert orders.make(build).indexes == []

    PackageIndex.objects.create(slug="near", url="https://a.example/simple", is_default=True)
    assert orders.make(build).indexes == ["https://a.example/simple"]
    assert orders.make(build).trusted_hosts == []


def test_what_another_environment_has_just_resolved_is_taken():
    other = make_venv_build(lock="alpha==1.0\n")

    assert orders.make(make_venv_build(status="pending")).lock == "alpha==1.0\n"
    again = make_build(other.environment, status="pending")
    assert orders.make(again).lock == ""


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "failed"},
        {"requirements": "beta\n"},
        {"python": "3.9"},
        {"finished_at": timezone.now() - timedelta(hours=1)},
    ],
)
def test_what_differs_or_is_old_is_resolved_anew(fields):
    make_venv_build(**{"lock": "alpha==1.0\n"} | fields)

    assert orders.make(make_venv_build(status="pending")).lock == ""


def test_what_another_index_said_is_not_taken():
    index = PackageIndex.objects.create(slug="near", url="https://a.example/simple")
    make_venv_build(lock="alpha==1.0\n", index=index)

    assert orders.make(make_venv_build(status="pending")).lock == ""
