import sys

import pytest

from audit import chain
from audit.models import ApiToken, AuditEntry
from kumo.api.site import api
from tests import factories

pytestmark = pytest.mark.django_db

FILES = '{"spider.py": "print(1)"}'


def world():
    """Make what the calls below need, and what nothing uses, so that it can be deleted."""
    project = factories.make_project(slug="nothing")
    factories.make_revision(project, number=2)
    environment = factories.make_environment(slug="nothing")
    factories.make_build(environment, number=2)
    factories.make_task(slug="nothing", project=project, environment=environment)
    factories.make_node(slug="nothing")
    factories.make_project(slug="free")
    factories.make_environment(slug="free")


def calls(token):
    """A good call for every address that changes something: its path and its body."""
    slugs = {"slug": "new", "project": "nothing", "environment": "nothing"}
    build = factories.make_build(status="building")
    ended = factories.make_run(status="failed")
    going = factories.make_run(status="running")
    variable = {"scope": "global", "key": "SITE", "value": "example"}
    return {
        ("POST", "/projects"): ("/projects", {"slug": "new", "files": FILES}),
        ("PATCH", "/projects/{slug:slug}"): ("/projects/nothing", {"title": "new"}),
        ("DELETE", "/projects/{slug:slug}"): ("/projects/free", None),
        ("POST", "/projects/{slug:slug}/revisions"): (
            "/projects/nothing/revisions",
            {"files": FILES},
        ),
        ("POST", "/projects/{slug:slug}/revisions/{int:number}/use"): (
            "/projects/nothing/revisions/2/use",
            None,
        ),
        ("POST", "/environments"): (
            "/environments",
            {"slug": "new", "kind": "system", "python": sys.executable},
        ),
        ("PATCH", "/environments/{slug:slug}"): ("/environments/nothing", {"title": "new"}),
        ("DELETE", "/environments/{slug:slug}"): ("/environments/free", None),
        ("POST", "/environments/{slug:slug}/builds"): ("/environments/nothing/builds", None),
        ("POST", "/environments/{slug:slug}/builds/{int:number}/use"): (
            "/environments/nothing/builds/2/use",
            None,
        ),
        ("POST", "/builds/{int:id}/cancel"): (f"/builds/{build.pk}/cancel", None),
        ("PUT", "/variables"): ("/variables", variable),
        ("DELETE", "/variables"): ("/variables?scope=global&key=SITE", None),
        ("POST", "/tasks"): ("/tasks", slugs | {"command": "python spider.py"}),
        ("PATCH", "/tasks/{slug:slug}"): ("/tasks/nothing", {"title": "new"}),
        ("POST", "/tasks/{slug:slug}/runs"): ("/tasks/nothing/runs", None),
        ("POST", "/tasks/{slug:slug}/pause"): ("/tasks/nothing/pause", None),
        ("POST", "/tasks/{slug:slug}/resume"): ("/tasks/nothing/resume", None),
        ("PATCH", "/runs/{int:id}"): (f"/runs/{ended.pk}", {"pinned": True}),
        ("POST", "/runs/{int:id}/rerun"): (f"/runs/{ended.pk}/rerun", None),
        ("POST", "/runs/{int:id}/cancel"): (f"/runs/{going.pk}/cancel", None),
        ("DELETE", "/runs/{int:id}"): (f"/runs/{ended.pk}", None),
        ("PATCH", "/nodes/{slug:slug}"): ("/nodes/nothing", {"slots": 7}),
        ("POST", "/tokens"): ("/tokens", {"name": "new"}),
        ("DELETE", "/tokens/{int:id}"): (f"/tokens/{token.pk}", None),
        ("DELETE", "/tasks/{slug:slug}"): ("/tasks/nothing", None),
    }


def changing():
    """The addresses of all calls that are not for reading."""
    return {
        (method, prefix + path)
        for prefix, router in api._routers
        for path, view in router.path_operations.items()
        for operation in view.operations
        for method in operation.methods
        if method != "GET"
    }


def test_every_call_that_changes_something_leaves_an_entry(admin_calls):
    world()
    token, _text = ApiToken.objects.issue(admin_calls.user, "spare", "read")
    table = calls(token)
    assert set(table) == changing()
    for (method, name), (path, body) in table.items():
        before = AuditEntry.objects.count()
        is_form = "files" in (body or {})
        answer = admin_calls.form(path, **body) if is_form else admin_calls.send(method, path, body)
        assert answer.status_code < 300, (method, name, answer.content)
        entry = AuditEntry.objects.order_by("-pk").first()
        assert AuditEntry.objects.count() > before, (method, name)
        assert (entry.source, entry.user) == ("api", admin_calls.user), (method, name)
    assert chain.first_break() is None
