import pytest

from tests import factories
from tests.api.test_access import ALL

pytestmark = pytest.mark.django_db


def test_the_openapi_document_has_every_call(admin_calls):
    document = admin_calls.get("/openapi.json").json()
    count = sum(len(operations) for operations in document["paths"].values())
    assert count == len(ALL)
    assert all(path.startswith("/api/v1/") for path in document["paths"])
    task = document["components"]["schemas"]["TaskIn"]
    assert set(task["required"]) == {"slug", "project", "environment", "command"}


def test_the_page_lists_the_calls(client):
    client.force_login(factories.make_user())
    page = client.get("/api/v1/docs")
    assert page.status_code == 200
    assert "/api/v1/tasks/{slug}/runs" in page.text
    assert "<script>" not in page.text
    assert "style=" not in page.text


def test_both_are_for_who_is_signed_in(client):
    assert client.get("/api/v1/openapi.json").status_code == 401
    page = client.get("/api/v1/docs")
    assert page.status_code == 302
    assert page["Location"].startswith("/admin/login/")
