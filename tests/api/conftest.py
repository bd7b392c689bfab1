import json

import pytest
from django.test import Client

from audit.models import ApiToken
from tests import factories

ROOT = "/api/v1"


class Caller:
    """Makes calls with a token, as a program does."""

    def __init__(self, user, scope: str = "write"):
        self.user = user
        _token, self.text = ApiToken.objects.issue(user, "tests", scope)
        self.client = Client(headers={"Authorization": f"Bearer {self.text}"})

    def get(self, path, **query):
        return self.client.get(ROOT + path, query)

    def send(self, method, path, body=None):
        """Send JSON: `body` as it is when it is text, else written as JSON."""
        text = body if isinstance(body, str | bytes) else json.dumps({} if body is None else body)
        return self.client.generic(method, ROOT + path, text, content_type="application/json")

    def post(self, path, body=None):
        return self.send("POST", path, body)

    def patch(self, path, body):
        return self.send("PATCH", path, body)

    def put(self, path, body):
        return self.send("PUT", path, body)

    def delete(self, path, **query):
        return self.client.delete(ROOT + path, query_params=query)

    def form(self, path, **fields):
        """Send a form with files, as browsers do."""
        return self.client.post(ROOT + path, fields)


@pytest.fixture
def admin_calls(db):
    """A caller who may do everything."""
    return Caller(factories.make_admin())


@pytest.fixture
def caller(db):
    """Make a caller with just these permissions: `caller("tasks.view_run", scope="read")`."""

    def make(*permissions, scope="write"):
        return Caller(factories.make_user(*permissions), scope)

    return make
