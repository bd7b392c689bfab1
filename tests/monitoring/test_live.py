import pytest
from channels.db import database_sync_to_async

from monitoring import live
from tasks.transitions import change_run
from tests.factories import make_run, make_user
from tests.monitoring.test_logs import connect, watching

__all__ = ["watching"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.asyncio]


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(live, "EVERY", 0.05)
    monkeypatch.setattr(live, "broadcaster", live.Broadcaster())


async def told(socket, topic: str) -> None:
    """Wait until a message names the topic."""
    while topic not in (await socket.receive_json_from(timeout=30))["changed"]:
        pass


async def test_all_who_look_hear_what_changed(watching):
    viewer = await database_sync_to_async(make_user)("tasks.view_run")
    run = await database_sync_to_async(make_run)()
    sockets = [connect("/ws/live", viewer) for _viewer in range(3)]
    for socket in sockets:
        assert (await socket.connect())[0]
    await told(sockets[0], "nodes")
    await database_sync_to_async(change_run)(run.pk, "canceled")
    for socket in sockets:
        await told(socket, f"run:{run.pk}")
        await socket.disconnect()


async def test_nobody_asks_the_database_while_nobody_looks(watching):
    viewer = await database_sync_to_async(make_user)("tasks.view_run")
    socket = connect("/ws/live", viewer)
    await socket.connect()
    asking = live.broadcaster.asking
    await socket.disconnect()
    await asking
    assert live.broadcaster.listeners == set()


async def test_somebody_without_the_permission_is_refused(watching):
    stranger = await database_sync_to_async(make_user)()
    assert not (await connect("/ws/live", stranger).connect())[0]


async def test_a_user_who_may_no_longer_is_sent_away_amid_the_news(watching, monkeypatch):
    monkeypatch.setattr(live, "ASKED_EVERY", 0.5)
    monkeypatch.setattr(live, "NODES_EVERY", 1)
    viewer = await database_sync_to_async(make_user)("tasks.view_run")
    socket = connect("/ws/live", viewer)
    await socket.connect()
    viewer.is_active = False
    await database_sync_to_async(viewer.save)()
    while (message := await socket.receive_output(timeout=30))["type"] != "websocket.close":
        pass
    assert message["code"] == 4403


async def test_topics_are_of_what_is_new_gone_or_different():
    before = {("run", 1): "running", ("run changed", 2): 5, ("build", 7): "resolve"}
    now = {("run changed", 3): 6, ("build", 7): "install"}
    found = live.names(now, before)
    assert {"run:1", "run:3", "build:7"} <= found
    # What merely left the window of the look has not changed.
    assert "run:2" not in found
