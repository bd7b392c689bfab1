import gzip
import json

import pytest
from asgiref.sync import sync_to_async
from django.test import AsyncClient

from envs import places
from kumo.api import searches
from tests import factories
from tests.api.logs import write_log

pytestmark = pytest.mark.django_db

LINES = [f"line {number}" for number in range(3000)]
LINES[1234] = "ERROR the needle 针"


@pytest.fixture(autouse=True)
def gate(monkeypatch):
    """A gate that nobody has entered."""
    monkeypatch.setattr(searches, "gate", searches.Gate(searches.AT_ONCE))


@pytest.fixture
def run(home):
    attempt = factories.make_attempt(factories.make_run(status="succeeded"), status="succeeded")
    write_log(attempt.spool, LINES)
    return attempt.run


@pytest.fixture(params=["runs", "builds"])
def path(request, run):
    """The address of the same log as a run's and as a build's."""
    if request.param == "runs":
        return f"/runs/{run.pk}/log"
    build = factories.make_build()
    write_log(places.directory(build), LINES)
    return f"/builds/{build.pk}/log"


def test_a_window_of_lines_is_read(admin_calls, path):
    found = admin_calls.get(path, first=10, count=3).json()
    assert (found["first"], found["total_lines"], found["complete"]) == (10, 3000, True)
    assert [line["text"] for line in found["lines"]] == LINES[10:13]
    assert [line["n"] for line in found["lines"]] == [10, 11, 12]
    assert (found["dropped_bytes"], found["gaps"]) == (0, [])


def test_the_tail_is_read(admin_calls, path):
    found = admin_calls.get(path, tail=2).json()
    assert (found["first"], [line["text"] for line in found["lines"]]) == (2998, LINES[-2:])


def test_lines_are_found_by_a_text(admin_calls, path):
    found = admin_calls.get(path, search="NEEDLE").json()
    assert found["lines"] == []
    found = admin_calls.get(path, search="needle").json()
    assert [(line["n"], line["text"]) for line in found["lines"]] == [(1234, LINES[1234])]
    found = admin_calls.get(path, search="line", after=2990, count=2).json()
    assert [line["n"] for line in found["lines"]] == [2991, 2992]
    found = admin_calls.get(path, search="needle .$", regex=True).json()
    assert [line["n"] for line in found["lines"]] == [1234]


def test_a_window_beyond_the_end_is_empty(admin_calls, path):
    found = admin_calls.get(path, first=2**40).json()
    assert (found["lines"], found["total_lines"]) == ([], 3000)


def test_a_huge_window_is_cut(admin_calls, path):
    assert len(admin_calls.get(path, count=2**40).json()["lines"]) == 3000


def test_a_part_of_a_finished_log_is_not_sent_twice(admin_calls, path):
    answer = admin_calls.get(path, first=0, count=5)
    tagged = {"If-None-Match": answer["ETag"]}
    again = admin_calls.client.get(f"/api/v1{path}?first=0&count=5", headers=tagged)
    other = admin_calls.client.get(f"/api/v1{path}?first=5&count=5", headers=tagged)
    assert (again.status_code, again.content, other.status_code) == (304, b"", 200)


def test_the_facts_of_a_log_are_told(admin_calls, path):
    meta = admin_calls.get(f"{path}/meta").json()
    assert (meta["lines"], meta["complete"], meta["errors"]) == (3000, True, 1)
    assert meta["error_lines"] == [1234]
    assert (len(meta["map"]), meta["map"].index("1")) == (300, 123)
    assert meta["bytes"] == sum(len(line.encode()) + 1 for line in LINES)


def test_lines_are_found_by_number_time_and_error(admin_calls, path):
    assert admin_calls.get(f"{path}/line/1234").json()["text"] == LINES[1234]
    assert admin_calls.get(f"{path}/line/3000").status_code == 404
    assert admin_calls.get(f"{path}/at", ms=0).json() == {"n": 0}
    assert admin_calls.get(f"{path}/errors").json() == {"errors": [1234]}
    assert admin_calls.get(f"{path}/errors", after=1234).json() == {"errors": []}


@pytest.mark.parametrize(
    ("call", "query", "wrong"),
    [
        ("", {"first": -1}, "first"),
        ("", {"first": "x"}, "first"),
        ("", {"count": 0}, "count"),
        ("", {"tail": 0}, "tail"),
        ("", {"search": ""}, "search"),
        ("", {"search": "x" * 2000}, "search"),
        ("", {"search": "(", "regex": "1"}, "search"),
        ("", {"attempt": "x"}, "attempt"),
        ("/at", {}, "ms"),
        ("/at", {"ms": -1}, "ms"),
        ("/errors", {"after": -2}, "after"),
        ("/search", {}, "q"),
        ("/search", {"q": ""}, "q"),
        ("/search", {"q": "(?P<", "regex": "1"}, "q"),
        ("/search", {"q": "x", "limit": 0}, "limit"),
    ],
)
def test_a_wrong_question_is_refused_at_its_field(admin_calls, path, call, query, wrong):
    answer = admin_calls.get(path + call, **query)
    assert (answer.status_code, set(answer.json()["errors"])) == (422, {wrong})


def test_a_run_without_an_attempt_has_an_empty_log(admin_calls):
    path = f"/runs/{factories.make_run().pk}/log"
    found = admin_calls.get(path).json()
    assert (found["lines"], found["total_lines"], found["complete"]) == ([], 0, False)
    assert admin_calls.get(path, attempt=1).status_code == 404
    assert admin_calls.get(f"{path}/meta").json()["lines"] == 0


def test_a_growing_log_has_no_tag(admin_calls):
    attempt = factories.make_attempt()
    write_log(attempt.spool, LINES[:3], is_finished=False)
    answer = admin_calls.get(f"/runs/{attempt.run.pk}/log")
    assert "ETag" not in answer
    assert (answer.json()["complete"], answer.json()["total_lines"]) == (False, 3)


def test_each_attempt_has_its_log(admin_calls, run):
    second = factories.make_attempt(run, status="failed")
    write_log(second.spool, ["second"])
    path = f"/runs/{run.pk}/log"
    assert admin_calls.get(path, attempt=1).json()["total_lines"] == 3000
    assert admin_calls.get(path).json()["lines"][0]["text"] == "second"


def test_a_log_that_was_removed_says_so(admin_calls, run):
    run.attempts.update(files_removed_at=run.finished_at)
    answer = admin_calls.get(f"/runs/{run.pk}/log")
    assert (answer.status_code, bool(answer.json()["detail"])) == (410, True)


def test_a_log_is_downloaded_as_printed_and_compressed(admin_calls, path):
    text = "".join(f"{line}\n" for line in LINES).encode()
    plain = admin_calls.get(f"{path}/raw")
    assert b"".join(plain.streaming_content) == text
    assert plain["Content-Type"] == "text/plain; charset=utf-8"
    assert plain["X-Content-Type-Options"] == "nosniff"
    packed = admin_calls.get(f"{path}/raw", gz=1)
    assert gzip.decompress(b"".join(packed.streaming_content)) == text


def records(answer):
    body = b"".join(answer.streaming_content).decode()
    return [json.loads(line) for line in body.splitlines()]


def test_a_search_streams_hits_and_ends_with_the_sum(admin_calls, path):
    found = records(admin_calls.get(f"{path}/search", q="needle"))
    assert found[0] == {"n": 1234, "text": LINES[1234]}
    assert found[-1]["done"] is True
    assert (found[-1]["total"], found[-1]["map"].index("1")) == (1, 123)


def test_a_search_gives_its_place_back(admin_calls, path):
    for _search in range(searches.AT_ONCE + 1):
        records(admin_calls.get(f"{path}/search", q="needle"))
    going = [admin_calls.get(f"{path}/search", q="needle") for _search in range(searches.AT_ONCE)]
    assert admin_calls.get(f"{path}/search", q="needle").status_code == 429
    records(going.pop())
    assert records(admin_calls.get(f"{path}/search", q="needle"))


async def asked(calls, path):
    return await AsyncClient().get(path, headers={"Authorization": f"Bearer {calls.text}"})


@pytest.mark.django_db(transaction=True)
async def test_a_search_is_streamed_by_the_server_too(admin_calls, run):
    answer = await asked(admin_calls, f"/api/v1/runs/{run.pk}/log/search?q=needle")
    assert answer.is_async
    body = b"".join([piece async for piece in answer.streaming_content])
    assert json.loads(body.splitlines()[0]) == {"n": 1234, "text": LINES[1234]}


@pytest.mark.django_db(transaction=True)
async def test_a_search_whose_reader_leaves_gives_its_place_back(admin_calls, run):
    answer = await asked(admin_calls, f"/api/v1/runs/{run.pk}/log/search?q=line")
    pieces = answer.streaming_content
    assert await anext(pieces)
    assert searches.gate.going[admin_calls.user.pk] == 1
    await sync_to_async(answer.close)()
    assert searches.gate.going[admin_calls.user.pk] == 0
