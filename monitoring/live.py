"""Tells open pages what has changed: one question a second a process, only while somebody looks."""

import asyncio
import contextlib
import time
from datetime import timedelta

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.db import DatabaseError
from django.utils import timezone

from envs.models import Build
from monitoring.access import may_watch
from tasks.models import Run

EVERY = 1.0
ASKED_EVERY = 20
NODES_EVERY = 10
# Rows are written with times of other machines, and become visible when they are committed.
OVERLAP = timedelta(seconds=5)
MOST_NAMED = 200
PERMISSION = "tasks.view_run"


class Broadcaster:
    """Asks the database what changed and tells everyone; the cost does not grow with them."""

    def __init__(self):
        self.listeners: set[LiveConsumer] = set()
        self.asking = None
        self.seen: dict[tuple, object] = {}

    def add(self, listener: "LiveConsumer") -> None:
        self.listeners.add(listener)
        if self.asking is None or self.asking.done():
            self.seen = {}
            self.asking = asyncio.create_task(self.ask())

    def remove(self, listener: "LiveConsumer") -> None:
        self.listeners.discard(listener)

    async def ask(self) -> None:
        turn = 0
        self.seen = await self.look_or_wait()
        while self.listeners:
            await asyncio.sleep(EVERY)
            turn += 1
            now = await self.look_or_wait()
            changed = names(now, self.seen)
            self.seen = now
            if turn % NODES_EVERY == 0:
                changed |= {"nodes", "upcoming"} | {
                    f"run:{key}" for (kind, key), status in now.items() if status == "running"
                }
            if changed:
                await self.tell(sorted(changed)[:MOST_NAMED])

    async def look_or_wait(self) -> dict:
        try:
            return await look()
        except DatabaseError:
            return self.seen

    async def tell(self, changed: list[str]) -> None:
        for listener in [*self.listeners]:
            listener.tell(changed)


@database_sync_to_async
def look() -> dict[tuple, object]:
    """Return what was changed lately and what is active: (kind, id) -> what tells it apart."""
    since = timezone.now() - OVERLAP
    found: dict[tuple, object] = {}
    recent = Run.objects.filter(changed_at__gte=since).order_by("-changed_at")
    for pk, changed_at in recent.values_list("pk", "changed_at")[:MOST_NAMED]:
        found["run changed", pk] = changed_at
    running = Run.objects.filter(status=Run.Status.RUNNING)
    for pk in running.values_list("pk", flat=True)[:MOST_NAMED]:
        found["run", pk] = "running"
    builds = Build.objects.filter(status__in=Build.ACTIVE)
    for pk, phase in builds.values_list("pk", "phase"):
        found["build", pk] = phase
    return found


def names(now: dict, before: dict) -> set[str]:
    """Return the topics of what is new, gone or another than before."""
    found = set()
    for kind, pk in {key for key in now.keys() | before.keys() if now.get(key) != before.get(key)}:
        if kind == "build":
            found |= {"builds", f"build:{pk}"}
        elif kind == "run" or (kind, pk) in now:
            found |= {"runs", "running", "figures", "recent", "fires", f"run:{pk}"}
    return found


broadcaster = Broadcaster()


class LiveConsumer(AsyncJsonWebsocketConsumer):
    async def connect(self):
        if not await may_watch(self.scope, PERMISSION):
            return await self.close()
        await self.accept()
        # What was not told yet: a client that never reads costs this set and no more.
        self.pending: set[str] = set()
        self.news = asyncio.Event()
        self.telling = asyncio.create_task(self.send_news())
        broadcaster.add(self)
        return None

    async def disconnect(self, code):
        broadcaster.remove(self)
        if telling := getattr(self, "telling", None):
            telling.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await telling

    def tell(self, changed: list[str]) -> None:
        self.pending.update(changed)
        self.news.set()

    async def send_news(self) -> None:
        ask_at = time.monotonic() + ASKED_EVERY
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.news.wait(), max(ask_at - time.monotonic(), 0))
            if time.monotonic() >= ask_at:
                ask_at = time.monotonic() + ASKED_EVERY
                if not await may_watch(self.scope, PERMISSION):
                    return await self.close(4403)
            if self.pending:
                changed, self.pending = sorted(self.pending), set()
                self.news.clear()
                await self.send_json({"changed": changed})
