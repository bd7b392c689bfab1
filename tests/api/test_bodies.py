import pytest

from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "nothing",
        '{"slots": NaN}',
        '{"slots": Infinity}',
        '{"slots": 1e999}',
        b'{"title": "\xff"}',
        '{"title": "a\\u0000b"}',
        '{"title\\u0000": "a"}',
        '{"title": "\\ud800"}',
        '{"slots": 9223372036854775808}',
        "[" * 100_000,
        '{"title": ' + "[" * 40 + "]" * 40 + "}",
    ],
)
def test_what_is_no_sound_json_is_refused(admin_calls, body):
    node = factories.make_node(slots=2, title="as it was")
    answer = admin_calls.patch(f"/nodes/{node.slug}", body)
    assert answer.status_code == (422 if body == "" else 400)
    assert set(answer.json()) == {"detail", "errors"}
    node.refresh_from_db()
    assert (node.slots, node.title) == (2, "as it was")


@pytest.mark.parametrize("body", ["[]", "null", '"text"', "7"])
def test_a_body_that_is_no_object_is_refused(admin_calls, body):
    node = factories.make_node()
    assert admin_calls.patch(f"/nodes/{node.slug}", body).status_code == 422


@pytest.mark.parametrize("kind", ["multipart/form-data", "multipart/form-data; boundary=x"])
def test_a_form_that_cannot_be_read_is_refused(admin_calls, kind):
    answer = admin_calls.client.generic("POST", "/api/v1/projects", "no form", content_type=kind)
    assert answer.status_code in (400, 422)
    assert set(answer.json()) == {"detail", "errors"}


def test_a_body_that_is_too_large_is_refused(admin_calls, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    node = factories.make_node()
    answer = admin_calls.patch(f"/nodes/{node.slug}", {"title": "x" * 2000})
    assert answer.status_code == 413
    assert answer.json()["detail"]


def test_a_nul_in_an_address_is_refused(admin_calls):
    assert admin_calls.get("/runs", task="a\0b").status_code == 422
    assert admin_calls.get("/tasks/a%00b").status_code == 404


def test_an_unknown_address_and_method_speak_json(admin_calls, client):
    assert client.get("/api/v1/nothing").status_code == 401
    answer = admin_calls.get("/nothing/at/all")
    assert (answer.status_code, set(answer.json())) == (404, {"detail", "errors"})
    answer = admin_calls.put("/runs", {})
    assert (answer.status_code, set(answer.json())) == (405, {"detail", "errors"})
    assert "GET" in answer["Allow"]


@pytest.mark.parametrize(
    "query", [{"limit": 0}, {"limit": 501}, {"limit": "x"}, {"cursor": "x"}, {"cursor": "9" * 30}]
)
def test_a_wrong_window_is_refused(admin_calls, query):
    answer = admin_calls.get("/nodes", **query)
    assert answer.status_code == 422
    assert set(answer.json()["errors"]) == set(query)


def test_a_list_comes_page_by_page_newest_first(admin_calls):
    slugs = [factories.make_node().slug for _number in range(5)]
    seen, cursor = [], {}
    while True:
        answer = admin_calls.get("/nodes", limit=2, **cursor).json()
        seen += [node["slug"] for node in answer["items"]]
        if answer["next"] is None:
            break
        cursor = {"cursor": answer["next"]}
    assert seen == slugs[::-1]
