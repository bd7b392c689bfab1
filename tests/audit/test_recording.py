import json
from datetime import UTC, datetime

import pytest
from django.test import RequestFactory

from audit import chain
from audit.middleware import current_request
from audit.models import AuditEntry
from audit.plain import HIDDEN, plain
from audit.recording import command, record
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_of():
    """Let a request of `user` be the one that is answered."""
    tokens = []

    def begin(user, **fields):
        request = RequestFactory().get("/", **fields)
        request.user = user
        tokens.append(current_request.set(request))
        return request

    yield begin
    for token in reversed(tokens):
        current_request.reset(token)


def test_it_knows_who_asked_and_from_where(request_of):
    user = factories.make_user()
    request_of(user, REMOTE_ADDR="192.0.2.7")
    node = factories.make_node(slug="here-2")
    entry = record("change", node, {"slots": [1, 2]})
    entry.refresh_from_db()
    assert (entry.user, entry.user_name, entry.address) == (user, user.username, "192.0.2.7")
    assert (entry.source, entry.action, entry.changes) == ("page", "change", {"slots": [1, 2]})
    assert (entry.object_type, entry.object_id, entry.object_name) == (
        "nodes.node",
        str(node.pk),
        "here-2",
    )


def test_an_address_that_is_none_is_left_out(request_of):
    request_of(factories.make_user(), REMOTE_ADDR="unix socket")
    assert record("change").address is None


def test_without_a_request_the_system_acts():
    entry = record("prune")
    assert (entry.source, entry.user, entry.user_name) == ("system", None, "")


def test_a_command_acts_for_its_user():
    user = factories.make_user()
    with command(user):
        entry = record("create")
    assert (entry.source, entry.user) == ("command", user)
    assert record("create").source == "system"


def test_an_entry_outlives_its_user_and_its_object():
    user, node = factories.make_user(username="mei"), factories.make_node(slug="gone")
    pk = record("change", node, user=user).pk
    node.delete()
    user.delete()
    entry = AuditEntry.objects.get(pk=pk)
    assert (entry.user, entry.user_name, entry.object_name) == (None, "mei", "gone")
    assert chain.first_break() is None


def test_values_become_plain_json():
    found = plain(
        {
            "at": datetime(2026, 3, 1, tzinfo=UTC),
            "sum": 2.0,
            "share": 0.5,
            "huge": 10**30,
            "names": {"one"},
            "text": "a\0b",
            "bytes": b"sealed",
        }
    )
    assert found == {
        "at": "2026-03-01T00:00:00+00:00",
        "sum": 2,
        "share": 0.5,
        "huge": str(10**30),
        "names": ["one"],
        "text": "ab",
        "bytes": HIDDEN,
    }


def test_secrets_are_hidden_and_long_texts_cut():
    found = plain(
        {
            "password": ["old", "new"],
            "token": "kumo_secret",
            "git_url": "https://mei:hunter2@example.com/spiders.git",
            "note": "x" * 5000,
        }
    )
    assert "hunter2" not in json.dumps(found)
    assert found["password"] == [HIDDEN, HIDDEN]
    assert found["token"] == HIDDEN
    assert len(found["note"]) < 2100
