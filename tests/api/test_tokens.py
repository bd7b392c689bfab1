import pytest

from audit.models import ApiToken, AuditEntry
from tests import factories
from tests.api.conftest import Caller

pytestmark = pytest.mark.django_db


def test_a_token_is_shown_once_and_works(caller):
    user_calls = caller()
    answer = user_calls.post("/tokens", {"name": "ci", "scope": "run", "expires_in_days": 3})
    assert answer.status_code == 201
    made = answer.json()
    assert ApiToken.objects.find(made["token"]).pk == made["id"]
    listed = user_calls.get("/tokens")
    assert [token["name"] for token in listed.json()["items"]] == ["ci", "tests"]
    assert made["token"] not in listed.text
    assert made["token"] not in str([entry.changes for entry in AuditEntry.objects.all()])


def test_a_token_is_revoked(caller):
    user_calls = caller()
    token = ApiToken.objects.get()
    assert user_calls.delete(f"/tokens/{token.pk}").status_code == 204
    assert user_calls.get("/tokens").status_code == 401
    assert AuditEntry.objects.first().action == "revoke"


def test_nobody_reaches_the_tokens_of_others(admin_calls):
    other = Caller(factories.make_user())
    foreign = ApiToken.objects.get(user=other.user)
    assert admin_calls.delete(f"/tokens/{foreign.pk}").status_code == 404
    names = [token["id"] for token in admin_calls.get("/tokens").json()["items"]]
    assert foreign.pk not in names
    assert other.get("/tokens").status_code == 200


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({}, "name"),
        ({"name": ""}, "name"),
        ({"name": "n" * 101}, "name"),
        ({"name": 1}, "name"),
        ({"name": "ci", "scope": "root"}, "scope"),
        ({"name": "ci", "expires_in_days": 0}, "expires_in_days"),
        ({"name": "ci", "expires_in_days": "3"}, "expires_in_days"),
        ({"name": "ci", "user": 1}, "user"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(admin_calls, body, wrong):
    answer = admin_calls.post("/tokens", body)
    assert (answer.status_code, set(answer.json()["errors"])) == (422, {wrong})
