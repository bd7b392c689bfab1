from datetime import timedelta

import pytest
from django.utils import timezone

from tests import factories

pytestmark = pytest.mark.django_db


def test_nodes_are_listed_with_how_they_stand(admin_calls):
    online = factories.make_node()
    factories.make_run(status="running", node=online)
    factories.make_node(is_accepting=False)
    factories.make_node(beat_at=timezone.now() - timedelta(hours=1))
    items = admin_calls.get("/nodes").json()["items"]
    assert [node["status"] for node in items] == ["offline", "draining", "online"]
    assert [node["running"] for node in items] == [0, 0, 1]


def test_a_node_is_changed(admin_calls):
    node = factories.make_node()
    shown = admin_calls.patch(f"/nodes/{node.slug}", {"slots": 9, "accepting": False}).json()
    assert (shown["slots"], shown["accepting"], shown["status"]) == (9, False, "draining")


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({"slots": -1}, "slots"),
        ({"slots": 1.5}, "slots"),
        ({"slots": 2**40}, "slots"),
        ({"accepting": 1}, "accepting"),
        ({"title": "t" * 201}, "title"),
        ({"slug": "other"}, "slug"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(admin_calls, body, wrong):
    node = factories.make_node()
    answer = admin_calls.patch(f"/nodes/{node.slug}", body)
    assert (answer.status_code, set(answer.json()["errors"])) == (422, {wrong})


def test_an_unknown_node_is_not_found(admin_calls):
    assert admin_calls.get("/nodes/nowhere").status_code == 404
    assert admin_calls.patch("/nodes/nowhere", {"slots": 1}).status_code == 404
