import io
import zipfile

import pytest
from django.test import AsyncClient

from audit.models import AuditEntry
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def attempt(home):
    attempt = factories.make_attempt(factories.make_run(status="succeeded"), status="succeeded")
    output = attempt.spool / "output"
    (output / "pages").mkdir(parents=True)
    (output / "items.jl").write_text('{"price": 1}\n')
    (output / "pages" / "页 1.html").write_text("<script>alert(1)</script>")
    (output / "key").symlink_to(home / "keys" / "field_key")
    (home / "keys" / "field_key").write_text("the key")
    return attempt


def path(attempt, name=""):
    return f"/runs/{attempt.run_id}/artifacts{name}"


def test_files_are_listed_without_links(admin_calls, attempt):
    found = admin_calls.get(path(attempt)).json()
    assert found["attempt"] == 1
    assert [file["name"] for file in found["items"]] == ["items.jl", "pages/页 1.html"]
    assert found["items"][0]["size_bytes"] == 13
    for file in found["items"]:
        assert admin_calls.client.get(file["url"]).status_code == 200


def test_a_file_is_only_ever_saved(admin_calls, attempt):
    answer = admin_calls.get(path(attempt, "/pages/页 1.html"))
    assert b"".join(answer.streaming_content) == b"<script>alert(1)</script>"
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    entry = AuditEntry.objects.first()
    assert (entry.action, entry.changes) == ("download", {"file": "pages/页 1.html"})


@pytest.mark.parametrize(
    "name",
    [
        "/none.txt",
        "/key",
        "/../log",
        "/%2e%2e/outcome.json",
        "/pages/../../log",
        "//etc/passwd",
        "/pages",
        "/pages/",
        "/items.jl/x",
        "/a%00b",
        "/" + "x" * 300,
    ],
)
def test_no_name_leads_out_of_the_directory(admin_calls, attempt, name):
    (attempt.spool / "log").write_text("the log")
    assert admin_calls.get(path(attempt, name)).status_code == 404


def test_all_files_come_as_a_zip(admin_calls, attempt):
    answer = admin_calls.get(path(attempt, ".zip"))
    packed = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert sorted(packed.namelist()) == ["items.jl", "pages/页 1.html"]
    assert packed.read("items.jl") == b'{"price": 1}\n'


def test_a_run_that_left_nothing_has_no_files(admin_calls):
    run = factories.make_run()
    assert admin_calls.get(f"/runs/{run.pk}/artifacts").json() == {"attempt": None, "items": []}
    for ending in (".zip", "/items.jl"):
        assert admin_calls.get(f"/runs/{run.pk}/artifacts{ending}").status_code == 404
    assert admin_calls.get(f"/runs/{run.pk}/artifacts", attempt=2).status_code == 404


@pytest.mark.django_db(transaction=True)
async def test_a_file_is_streamed_by_the_server_too(admin_calls, attempt):
    headers = {"Authorization": f"Bearer {admin_calls.text}"}
    answer = await AsyncClient().get(f"/api/v1{path(attempt, '/items.jl')}", headers=headers)
    assert answer.is_async
    assert b"".join([piece async for piece in answer.streaming_content]) == b'{"price": 1}\n'
