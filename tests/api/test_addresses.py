import re

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver

pytestmark = pytest.mark.django_db

# The sign-in page with its language switch, its counterpart, and the health check.
OPEN = {"/admin/login/", "/admin/logout/", "/i18n/setlang/", "/healthz"}


def addresses(patterns, prefix="/"):
    """Every address of Kumo, with made-up names and numbers in it."""
    for each in patterns:
        path = prefix + re.sub(r"<[^>]*>", "1", str(each.pattern)).replace("(?P1.*)$", "1")
        if isinstance(each, URLResolver):
            yield from addresses(each.url_patterns, path)
        else:
            yield path


ALL = sorted(set(addresses(get_resolver().url_patterns)))


def test_all_addresses_are_walked():
    assert len(ALL) > 100
    assert set(ALL) >= OPEN
    assert {"/", "/admin/", "/api/v1/tasks", "/admin/tasks/run/"} <= set(ALL)


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_without_sign_in_there_is_nothing_to_see(method):
    client = Client(raise_request_exception=True)
    for path in ALL:
        if path in OPEN:
            continue
        answer = client.generic(method, path)
        leads_to = answer.get("Location", "")
        is_turned_away = leads_to.startswith("/admin/login/") or (path, leads_to) == (
            "/",
            "/admin/",
        )
        assert is_turned_away or answer.status_code in (401, 403, 404, 405), (path, answer)


def test_who_may_not_enter_the_pages_sees_only_the_sign_in(client):
    answer = client.get("/admin/login/")
    assert answer.status_code == 200
    assert "password" in answer.text


def test_the_health_check_gives_no_detail(client):
    assert client.get("/healthz").text == "ok\n"
