import sys

import pytest

from envs.models import Build, Environment
from tests import factories

pytestmark = pytest.mark.django_db


def test_an_interpreter_of_the_machine_is_ready_at_once(admin_calls):
    body = {"slug": "here", "kind": "system", "python": sys.executable}
    answer = admin_calls.post("/environments", body)
    assert answer.status_code == 201
    found = admin_calls.get("/environments/here").json()
    assert (found["status"], found["in_use"]) == ("ready", 1)
    assert found["python"] == sys.version.split()[0]
    assert found["build"]["log_url"].endswith(f"/builds/{found['build']['id']}/log")


def test_an_interpreter_that_is_not_there_fails_with_a_reason(admin_calls):
    body = {"slug": "gone", "kind": "system", "python": "/nowhere/python"}
    assert admin_calls.post("/environments", body).status_code == 201
    found = admin_calls.get("/environments/gone").json()
    assert (found["status"], found["in_use"]) == ("failed", None)
    build = admin_calls.get(f"/builds/{found['build']['id']}").json()
    assert (build["status"], build["reason"]) == ("failed", "python_missing")


def test_a_venv_waits_for_its_build(admin_calls):
    body = {"slug": "scrapy", "requirements": "scrapy\r\nlxml>=5\r\n"}
    answer = admin_calls.post("/environments", body)
    assert (answer.status_code, answer.json()["status"]) == (201, "pending")
    assert answer.json()["requirements"] == "scrapy\nlxml>=5\n"
    assert admin_calls.post("/environments/scrapy/builds").status_code == 409
    build = answer.json()["build"]["id"]
    assert admin_calls.post(f"/builds/{build}/cancel").status_code == 202
    assert admin_calls.post(f"/builds/{build}/cancel").status_code == 409
    assert admin_calls.post("/environments/scrapy/builds").status_code == 202
    assert len(admin_calls.get("/environments/scrapy/builds").json()["items"]) == 2


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({}, "slug"),
        ({"slug": "Wrong Name"}, "slug"),
        ({"slug": "env\n"}, "slug"),
        ({"slug": "env", "kind": "docker"}, "kind"),
        ({"slug": "env", "kind": None}, "kind"),
        ({"slug": "env", "requirements": ["scrapy"]}, "requirements"),
        ({"slug": "env", "requirements": "-e ."}, "requirements"),
        ({"slug": "env", "requirements": "scrapy ==="}, "requirements"),
        ({"slug": "env", "python": "4.0"}, "python"),
        ({"slug": "env", "python": "3.11; rm -rf /"}, "python"),
        ({"slug": "env", "kind": "system", "python": "python3"}, "python"),
        ({"slug": "env", "index": "nowhere"}, "index"),
        ({"slug": "env", "title": "t" * 201}, "title"),
        ({"slug": "env", "pyhton": "3.11"}, "pyhton"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(admin_calls, body, wrong):
    answer = admin_calls.post("/environments", body)
    assert answer.status_code == 422
    assert answer.json()["errors"][wrong][0]
    assert not Environment.objects.exists()


def test_a_name_is_taken_once(admin_calls):
    factories.make_environment(slug="here")
    answer = admin_calls.post("/environments", {"slug": "here"})
    assert (answer.status_code, set(answer.json()["errors"])) == (422, {"slug"})


def test_a_changed_specification_is_built_beside_the_one_in_use(admin_calls):
    environment = factories.make_environment(kind="venv", requirements="scrapy")
    path = f"/environments/{environment.slug}"
    assert admin_calls.patch(path, {"title": "Scrapy"}).json()["status"] == "ready"
    changed = admin_calls.patch(path, {"requirements": "scrapy\nlxml"}).json()
    assert (changed["status"], changed["in_use"], changed["build"]["number"]) == ("pending", 1, 2)
    refused = admin_calls.patch(path, {"requirements": "httpx"})
    environment.refresh_from_db()
    assert (refused.status_code, environment.requirements) == (409, "scrapy\nlxml")


def test_an_earlier_build_is_used_again(admin_calls):
    environment = factories.make_environment()
    earlier = environment.current_build
    environment.current_build = factories.make_build(environment)
    environment.save()
    path = f"/environments/{environment.slug}/builds"
    assert admin_calls.post(f"{path}/{earlier.number}/use").json()["in_use"] == earlier.number
    Build.objects.update(interpreter="/nowhere/python")
    assert admin_calls.post(f"{path}/2/use").status_code == 409
    assert admin_calls.post(f"{path}/9/use").status_code == 404


def test_an_environment_that_tasks_use_stays(admin_calls):
    task = factories.make_task()
    answer = admin_calls.delete(f"/environments/{task.environment.slug}")
    assert answer.status_code == 409
    assert task.slug in answer.json()["detail"]
    free = factories.make_environment()
    assert admin_calls.delete(f"/environments/{free.slug}").status_code == 204
    assert not Environment.objects.filter(pk=free.pk).exists()
