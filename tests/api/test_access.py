from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from audit.models import ApiToken, AuditEntry
from kumo.api.site import api
from tests import factories
from tests.api.conftest import ROOT, Caller

pytestmark = pytest.mark.django_db

SAMPLES = {"slug": "nothing", "id": "1", "number": "1", "n": "1", "name": "file.txt"}


def operations():
    """Every call: method, address with made-up names, and what it asks of the user."""
    for prefix, router in api._routers:
        for path, view in router.path_operations.items():
            for operation in view.operations:
                address = prefix + filled(path)
                yield from ((method, address, operation) for method in operation.methods)


def filled(path):
    for name, sample in SAMPLES.items():
        for kind in ("slug:", "int:", "path:", ""):
            path = path.replace(f"{{{kind}{name}}}", sample)
    assert "{" not in path
    return path


ALL = list(operations())


def test_every_call_says_who_may_make_it():
    assert len(ALL) > 40
    assert all(len(operation.auth_callbacks) == 1 for _method, _path, operation in ALL)


def test_no_call_is_for_anonymous_users():
    client = Client(enforce_csrf_checks=True)
    for method, path, _operation in ALL:
        answer = client.generic(method, ROOT + path, "{}", content_type="application/json")
        assert answer.status_code == 401, (method, path)
        assert set(answer.json()) == {"detail", "errors"}
        assert answer["WWW-Authenticate"] == "Bearer"


def test_without_permissions_nothing_but_the_own_tokens_is_there(caller):
    nobody = caller()
    for method, path, operation in ALL:
        answer = nobody.send(method, path)
        needs_permission = operation.auth_callbacks[0].permission is not None
        assert (answer.status_code == 403) == needs_permission, (method, path)


def test_a_permission_opens_its_calls(caller):
    for method, path, operation in ALL:
        permission = operation.auth_callbacks[0].permission
        if method == "GET" and permission:
            assert caller(permission).get(path).status_code != 403, path


def test_a_token_for_reading_changes_nothing(db):
    reader = Caller(factories.make_admin(), "read")
    for method, path, _operation in ALL:
        assert (reader.send(method, path).status_code == 403) == (method != "GET"), (method, path)


def test_a_token_for_running_runs_and_stops(db):
    runner = Caller(factories.make_admin(), "run")
    allowed = {
        (method, path)
        for method, path, _operation in ALL
        if method != "GET" and runner.send(method, path).status_code != 403
    }
    assert allowed == {
        ("POST", "/tasks/nothing/runs"),
        ("POST", "/tasks/nothing/pause"),
        ("POST", "/tasks/nothing/resume"),
        ("POST", "/runs/1/cancel"),
        ("POST", "/runs/1/rerun"),
        ("PATCH", "/runs/1"),
    }


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Bearer kumo_wrong", "Basic a3VtbzprdW1v", "Bearer ü", "Token x"],
)
def test_a_wrong_token_is_no_token(header, client):
    factories.make_user()
    answer = client.get(f"{ROOT}/tokens", headers={"Authorization": header})
    assert answer.status_code == 401


def test_a_wrong_token_is_not_made_good_by_a_session(client):
    client.force_login(factories.make_admin())
    assert client.get(f"{ROOT}/tasks").status_code == 200
    answer = client.get(f"{ROOT}/tasks", headers={"Authorization": "Bearer kumo_wrong"})
    assert answer.status_code == 401


@pytest.mark.parametrize(
    "change",
    [
        {"revoked_at": timezone.now()},
        {"expires_at": timezone.now() - timedelta(seconds=1)},
    ],
)
def test_an_ended_token_is_no_token(admin_calls, change):
    ApiToken.objects.update(**change)
    assert admin_calls.get("/tasks").status_code == 401


def test_the_token_of_somebody_who_left_is_no_token(admin_calls):
    admin_calls.user.is_active = False
    admin_calls.user.save()
    assert admin_calls.get("/tasks").status_code == 401


def test_a_token_notes_its_last_use(admin_calls):
    admin_calls.get("/tasks")
    assert ApiToken.objects.get().last_used_at is not None


def test_a_session_may_call_too_and_needs_its_csrf_token_to_change_anything():
    client = Client(enforce_csrf_checks=True)
    client.force_login(factories.make_admin())
    client.get("/admin/")
    token = client.cookies["kumo_csrf"].value
    body = {"name": "one"}
    refused = client.post(f"{ROOT}/tokens", body, content_type="application/json")
    made = client.post(
        f"{ROOT}/tokens", body, content_type="application/json", headers={"X-CSRFToken": token}
    )
    assert (refused.status_code, made.status_code) == (403, 201)
    assert ApiToken.objects.count() == 1


def test_what_a_call_changes_is_recorded_as_the_apis(admin_calls):
    node = factories.make_node(slots=1)
    admin_calls.patch(f"/nodes/{node.slug}", {"slots": 3})
    entry = AuditEntry.objects.first()
    assert (entry.source, entry.user, entry.action) == ("api", admin_calls.user, "change")
    assert entry.changes == {"slots": [1, 3]}
