"""Nothing answers without sign-in but sign-in itself, static files and /healthz."""

import re

import pytest
from asgiref.sync import async_to_sync
from channels.testing import WebsocketCommunicator
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from kumo.asgi import application
from monitoring.routing import routes
from tests.factories import make_attempt, make_run

pytestmark = pytest.mark.django_db(transaction=True)
# The form of sign-in, its way out, its language, and the sign of life.
OPEN = {"/admin/login/", "/admin/logout/", "/i18n/setlang/", "/healthz", "/"}
SAMPLES = {"int": "1", "slug": "running", "str": "1", "path": "a.txt", "uuid": "0" * 32}


def addresses(patterns=None, prefix="/"):
    """Yield an address for every pattern of the site."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        whole = prefix + sample(str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, whole)
        elif isinstance(pattern, URLPattern):
            yield whole


def sample(route: str) -> str:
    route = re.sub(r"<(?:(\w+):)?\w+>", lambda found: SAMPLES[found[1] or "str"], route)
    # Django's catch-all and its own lists of applications are regular expressions.
    route = re.sub(r"\(\?P<\w+>([^|)]*)[^)]*\)", r"\1", route)
    return route.replace("^", "").replace("$", "").replace(r"\Z", "").replace(".*", "x")


def test_every_address_asks_who_is_there(client):
    found = sorted(set(addresses()) - OPEN)
    assert len(found) > 150
    answered = {}
    for address in found:
        for method in (client.get, client.post):
            answer = method(address)
            is_sign_in = answer.status_code == 302 and "/admin/login/" in answer.url
            if not is_sign_in and answer.status_code not in (301, 401, 403, 404, 405):
                answered[address] = answer.status_code
    assert answered == {}


def test_sign_in_and_the_sign_of_life_tell_nothing(client):
    assert client.get("/healthz").content == b"ok\n"
    assert client.get("/").url == reverse("admin:index")
    page = client.get("/admin/login/").content.decode()
    assert "k-side" not in page


@pytest.mark.parametrize("route", routes, ids=str)
def test_every_socket_asks_who_is_there(route):
    run = make_run(status="running")
    make_attempt(run)
    path = "/" + str(route.pattern).replace("<int:pk>", str(run.pk))

    async def is_let_in() -> bool:
        headers = [(b"origin", b"http://localhost"), (b"host", b"localhost")]
        socket = WebsocketCommunicator(application, path, headers=headers)
        return (await socket.connect(timeout=30))[0]

    assert not async_to_sync(is_let_in)()
