import pytest
from channels.db import database_sync_to_async
from channels.routing import URLRouter
from channels.testing import WebsocketCommunicator

from monitoring import logs
from monitoring.origins import SameOrigin
from monitoring.routing import routes
from runner.logs.reader import LogReader
from runner.logs.writer import LogWriter
from tasks.models import Attempt
from tests.factories import make_attempt, make_run, make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.asyncio]
ORIGIN = [(b"origin", b"http://kumo.test:8000"), (b"host", b"kumo.test:8000")]


class SignedIn:
    """The scope that the session middleware would make."""

    def __init__(self, application, user):
        self.application, self.user = application, user

    async def __call__(self, scope, receive, send):
        return await self.application(scope | {"user": self.user}, receive, send)


@pytest.fixture
def watching(monkeypatch):
    """Sign-in is what Channels does; here a user is signed in as long as the row is active."""

    @database_sync_to_async
    def get_user(scope):
        scope["user"].refresh_from_db()
        # A fresh object: permissions are cached on it.
        return type(scope["user"]).objects.get(pk=scope["user"].pk)

    monkeypatch.setattr("monitoring.access.get_user", get_user)


def connect(path: str, user) -> WebsocketCommunicator:
    application = SameOrigin(SignedIn(URLRouter(routes), user))
    return WebsocketCommunicator(application, path, headers=ORIGIN)


@pytest.fixture
def viewer(db):
    return make_user("tasks.view_run")


class Log:
    """An attempt that prints what a test writes."""

    def __init__(self, **fields):
        self.attempt = make_attempt(make_run(status="running"), **fields)
        self.attempt.spool.mkdir(parents=True)
        self.writer = LogWriter(self.attempt.spool, 10**7)
        self.path = f"/ws/runs/{self.attempt.run_id}/log"

    def print(self, data: bytes):
        self.writer.write(data)
        self.writer.flush()

    def end(self):
        self.writer.close()
        now = self.attempt.assigned_at
        Attempt.objects.filter(pk=self.attempt.pk).update(status="succeeded", finished_at=now)


@pytest.fixture
def log(db):
    return Log()


async def received(socket, count: int) -> list[str]:
    """Return the texts of the next `count` lines."""
    texts = []
    while len(texts) < count:
        message = await socket.receive_json_from(timeout=30)
        assert [line["n"] for line in message["lines"]] == sorted(
            line["n"] for line in message["lines"]
        )
        texts += [line["text"] for line in message["lines"]]
    return texts


async def test_every_line_comes_once_in_order_and_then_the_end(watching, viewer, log):
    log.print(b"".join(b"line %d\n" % number for number in range(1200)))
    socket = connect(log.path, viewer)
    assert (await socket.connect())[0]
    assert await received(socket, 1200) == [f"line {number}" for number in range(1200)]
    log.print(b"more\nand ")
    assert await received(socket, 1) == ["more"]
    log.print(b"more\n")
    assert await received(socket, 1) == ["and more"]
    await database_sync_to_async(log.end)()
    assert await socket.receive_json_from(timeout=30) == {
        "end": {"status": "succeeded", "total_lines": 1202}
    }


async def test_a_reader_who_comes_back_goes_on_where_he_was(watching, viewer, log):
    log.print(b"a\nb\nc\n")
    socket = connect(f"{log.path}?from=2", viewer)
    await socket.connect()
    assert await received(socket, 1) == ["c"]
    await socket.disconnect()


async def test_a_finished_log_comes_by_the_same_way(watching, viewer, log):
    log.print(b"only\nhalf")
    await database_sync_to_async(log.end)()
    socket = connect(log.path, viewer)
    await socket.connect()
    assert await received(socket, 2) == ["only", "half"]
    assert (await socket.receive_json_from(timeout=30))["end"]["total_lines"] == 2


async def test_the_head_has_the_last_lines_and_the_counts(watching, viewer, log):
    log.print(b"x\n" * 1000)
    socket = connect(f"{log.path}?mode=head", viewer)
    await socket.connect()
    head = (await socket.receive_json_from(timeout=30))["head"]
    assert (head["lines"], head["tail"][-1]["n"]) == (1000, 999)
    await database_sync_to_async(log.end)()
    while "end" not in (await socket.receive_json_from(timeout=30)):
        pass


async def test_somebody_without_the_permission_is_refused(watching, log):
    for permissions in ([], ["tasks.view_task"]):
        stranger = await database_sync_to_async(make_user)(*permissions)
        assert not (await connect(log.path, stranger).connect())[0]


@pytest.mark.parametrize(
    "origin", [b"http://evil.test:8000", b"http://kumo.test:9999", b"null", b""]
)
async def test_pages_of_other_origins_are_refused(watching, viewer, log, origin):
    socket = connect(log.path, viewer)
    socket.scope["headers"] = [(b"origin", origin), ORIGIN[1]]
    assert not (await socket.connect())[0]


async def test_a_run_that_is_not_there_is_said(watching, viewer):
    socket = connect("/ws/runs/123456/log", viewer)
    await socket.connect()
    assert (await socket.receive_output(timeout=30))["code"] == 4404


async def test_a_user_who_may_no_longer_is_sent_away(watching, viewer, log, monkeypatch):
    monkeypatch.setattr(logs, "ASKED_EVERY", 0.1)
    socket = connect(log.path, viewer)
    await socket.connect()
    viewer.is_active = False
    await database_sync_to_async(viewer.save)()
    assert (await socket.receive_output(timeout=30))["code"] == 4403


async def test_a_log_that_is_deleted_amid_the_reading_closes_the_socket(watching, viewer, log):
    socket = connect(log.path, viewer)
    await socket.connect()
    await database_sync_to_async(log.attempt.delete)()
    assert (await socket.receive_output(timeout=30))["code"] == 4404


async def test_what_a_cap_left_out_is_passed_over(tmp_path):
    writer = LogWriter(tmp_path, 20_000)
    for number in range(4000):
        writer.write(b"line %04d\n" % number)
    writer.close()
    reader, position, seen = LogReader(tmp_path), 0, []
    for _turn in range(100):
        lines, position, is_all = logs.batch(reader, position, True)
        seen += [line["n"] for line in lines]
        if is_all:
            break
    assert seen == sorted(set(seen))
    assert (seen[0], seen[-1]) == (0, 3999)
    assert len(seen) < 4000
