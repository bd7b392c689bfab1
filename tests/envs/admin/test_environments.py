import sys

import pytest
from django.urls import reverse

from audit.models import AuditEntry
from envs import places
from envs.models import Build, Environment
from runner.logs.writer import LogWriter
from tests.factories import make_admin, make_build, make_environment, make_task, make_user

pytestmark = pytest.mark.django_db
LIST = reverse("admin:envs_environment_changelist")
ADD = reverse("admin:envs_environment_add")
VENV = {"slug": "scraping", "kind": "venv", "requirements": "scrapy\r\n"}


@pytest.fixture
def admin(client):
    client.force_login(make_admin())
    return client


def page(environment, name="change", *arguments):
    return reverse(f"admin:envs_environment_{name}", args=[environment.pk, *arguments])


def test_adding_one_asks_for_a_build(admin):
    assert admin.post(ADD, VENV).status_code == 302

    build = Build.objects.get()
    assert (build.status, build.requirements, build.number) == ("pending", "scrapy\n", 1)
    assert AuditEntry.objects.filter(action="create", object_name="scraping").exists()


def test_an_interpreter_of_the_machine_is_ready_at_once(admin):
    admin.post(ADD, {"slug": "here", "kind": "system", "python": sys.executable})

    assert Environment.objects.get().is_ready
    assert "ready" in admin.get(LIST).text


def test_an_interpreter_that_is_not_there_is_told(admin):
    fields = {"slug": "here", "kind": "system", "python": "/nowhere/python"}
    answer = admin.post(ADD, fields, follow=True)

    assert "There is no file at this path" in answer.text
    assert not Environment.objects.get().is_ready


def test_only_another_specification_is_built(admin):
    environment = make_environment(slug="scraping", kind="venv", requirements="scrapy\n")
    admin.post(page(environment), VENV | {"title": "Scraping"})
    assert environment.builds.count() == 1

    admin.post(page(environment), VENV | {"requirements": "scrapy>=2\n"})
    assert environment.builds.get(number=2).requirements == "scrapy>=2\n"


def test_saving_while_it_is_built_says_that_it_is_built_after(admin):
    environment = make_environment(is_ready=False, kind="venv")
    make_build(environment, status="building")
    answer = admin.post(page(environment), VENV, follow=True)

    assert "built right after" in answer.text
    assert environment.builds.count() == 1


def test_what_cannot_be_built_is_said_at_its_field(admin):
    answer = admin.post(ADD, VENV | {"requirements": "-e .", "python": "2.7"})

    assert set(answer.context["adminform"].form.errors) == {"requirements", "python"}
    assert not Environment.objects.exists()


def test_its_page_shows_builds_packages_and_tasks(admin):
    environment = make_environment(kind="venv")
    environment.current_build.packages = [{"name": "scrapy", "version": "2.13"}]
    environment.current_build.save()
    make_build(environment, status="failed", reason="no_match")
    make_task(title="Quotes", environment=environment)
    shown = admin.get(page(environment)).text

    assert "scrapy" in shown
    assert "Quotes" in shown
    assert "was not found" in shown


def test_a_build_is_asked_for_canceled_and_chosen(admin):
    environment = make_environment(kind="venv")
    admin.post(page(environment, "build"))
    second = environment.builds.get(number=2)
    admin.post(page(environment, "act", second.pk, "cancel"))
    second.refresh_from_db()
    assert second.status == "canceled"

    other = make_build(environment)
    admin.post(page(environment, "act", other.pk, "use"))
    environment.refresh_from_db()
    assert environment.current_build == other


def test_what_others_built_cannot_be_chosen(admin):
    environment, other = make_environment(kind="venv"), make_environment(kind="venv")
    act = page(environment, "act", other.current_build.pk, "use")

    assert admin.post(act).status_code == 404


def test_one_in_use_is_not_deleted_and_another_is(admin):
    used, unused = make_task().environment, make_environment()
    for environment in (used, unused):
        admin.post(page(environment, "delete"), {"post": "yes"})

    assert list(Environment.objects.all()) == [used]
    assert AuditEntry.objects.filter(action="delete", object_id=str(unused.pk)).count() == 1


def test_acts_want_their_permissions(client):
    environment = make_environment(kind="venv")
    client.force_login(make_user("envs.view_environment"))

    assert client.get(page(environment)).status_code == 200
    assert client.get(reverse("admin:envs_environment_interpreters")).status_code == 200
    assert client.post(page(environment, "build")).status_code == 403
    act = page(environment, "act", environment.current_build.pk, "use")
    assert client.post(act).status_code == 403
    assert client.get(page(environment, "build")).status_code == 405


def test_the_interpreters_of_the_machine_are_listed(admin):
    shown = admin.get(reverse("admin:envs_environment_interpreters")).text

    assert "python" in shown
    assert "kind=system" in shown


def test_the_list_costs_the_same_however_long_it_is(admin, django_assert_max_num_queries):
    for _ in range(12):
        make_task(environment=make_environment(kind="venv"))

    with django_assert_max_num_queries(15):
        admin.get(LIST)


@pytest.mark.parametrize("status", ["pending", "building", "ready", "failed", "canceled"])
def test_the_page_of_a_build_shows_how_it_stands(admin, status):
    environment = make_environment(is_ready=False, kind="venv")
    build = make_build(environment, status=status, reason="network" * (status == "failed"))
    answer = admin.get(reverse("admin:envs_build_change", args=[build.pk]))

    assert answer.status_code == 200
    assert (f"/api/v1/builds/{build.pk}/log" in answer.text) == (status in Build.ACTIVE)
    assert ("could not be reached" in answer.text) == (status == "failed")


def test_the_log_of_a_build_that_has_ended_stays_to_be_read(admin):
    build = make_build(make_environment(is_ready=False, kind="venv"))
    log = LogWriter(places.directory(build), 1_000_000)
    log.write(b"Resolved 1 package\n")
    log.close()

    assert (
        "Resolved 1 package" in admin.get(reverse("admin:envs_build_change", args=[build.pk])).text
    )


def test_builds_are_listed_and_never_changed(admin):
    build = make_build()

    assert admin.get(reverse("admin:envs_build_changelist")).status_code == 200
    assert admin.post(reverse("admin:envs_build_change", args=[build.pk]), {}).status_code == 403
