"""Follows logs over WebSockets: every line once, or a few times a second the head."""

import asyncio
import contextlib
import time
from pathlib import Path
from urllib.parse import parse_qs

from asgiref.sync import sync_to_async
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.core.exceptions import ObjectDoesNotExist

from envs import places
from envs.models import Build
from monitoring.access import may_watch
from monitoring.changes import changes
from runner.logs.reader import LogReader
from tasks.models import Attempt

BATCH_LINES, BATCH_CHARACTERS = 500, 256 * 1024
HEAD_LINES = 160
HEAD_APART = 0.2
# An end is heard of by the file of the outcome; the row follows in a moment.
LOOK_EVERY = 1.0
ASKED_EVERY = 20.0
DENIED, NOT_FOUND, FAILED = 4403, 4404, 1011


class LogConsumer(AsyncJsonWebsocketConsumer):
    """`directory()` and `status()` say which log it is, and whether it goes on."""

    permission = ""

    async def connect(self):
        if not await may_watch(self.scope, self.permission):
            return await self.close()
        query = parse_qs(self.scope["query_string"].decode("latin-1"))
        self.query = {name: values[-1] for name, values in query.items()}
        found = await self.find()
        await self.accept()
        if found is None:
            return await self.close(NOT_FOUND)
        self.reader = LogReader(found)
        follow = self.follow_head if self.query.get("mode") == "head" else self.follow_lines
        self.following = asyncio.create_task(self.guard(follow(found)))
        return None

    async def disconnect(self, code):
        if following := getattr(self, "following", None):
            following.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await following

    async def guard(self, following) -> None:
        """Follow until the end, or until somebody who looks may no longer; then close."""
        work, code = asyncio.ensure_future(following), FAILED
        try:
            while not work.done():
                await asyncio.wait([work], timeout=ASKED_EVERY)
                if not work.done() and not await may_watch(self.scope, self.permission):
                    code = DENIED
                    return
            await work
            code = None
        except ObjectDoesNotExist:
            code = NOT_FOUND
        finally:
            work.cancel()
            await self.close(code)

    async def follow_lines(self, directory: Path) -> None:
        position = number(self.query.get("from", "0"))
        async with changes(directory) as changed:
            while True:
                changed.clear()
                status = await self.status()
                position, is_all = await self.send_lines(position, status is not None)
                if status is not None and is_all:
                    return await self.send_end(status)
                if is_all:
                    await pause(changed, LOOK_EVERY)

    async def send_lines(self, position: int, is_ended: bool) -> tuple[int, bool]:
        """Send one batch from `position` on; return what comes next, and whether that was all."""
        lines, following, is_all = await sync_to_async(batch, thread_sensitive=False)(
            self.reader, position, is_ended
        )
        if lines:
            await self.send_json({"lines": lines})
        return following, is_all

    async def follow_head(self, directory: Path) -> None:
        shown = None
        async with changes(directory) as changed:
            while True:
                began = time.monotonic()
                changed.clear()
                status = await self.status()
                head = await sync_to_async(head_of, thread_sensitive=False)(self.reader)
                if head != shown:
                    shown = head
                    await self.send_json({"head": head})
                if status is not None:
                    return await self.send_end(status)
                await pause(changed, LOOK_EVERY)
                await asyncio.sleep(max(0, HEAD_APART - (time.monotonic() - began)))

    async def send_end(self, status: str) -> None:
        facts = await sync_to_async(self.reader.facts, thread_sensitive=False)()
        await self.send_json({"end": {"status": status, "total_lines": facts.lines}})


class RunLogConsumer(LogConsumer):
    permission = "tasks.view_run"

    @database_sync_to_async
    def find(self) -> Path | None:
        attempts = Attempt.objects.filter(run=self.scope["url_route"]["kwargs"]["pk"])
        if wanted := number(self.query.get("attempt", "")):
            attempts = attempts.filter(number=wanted)
        self.attempt = attempts.select_related("run").last()
        return self.attempt and self.attempt.spool

    @database_sync_to_async
    def status(self) -> str | None:
        self.attempt.refresh_from_db(fields=["status"])
        return self.attempt.status if self.attempt.is_terminal else None


class BuildLogConsumer(LogConsumer):
    permission = "envs.view_environment"

    @database_sync_to_async
    def find(self) -> Path | None:
        self.build = Build.objects.filter(pk=self.scope["url_route"]["kwargs"]["pk"]).first()
        return self.build and places.directory(self.build)

    @database_sync_to_async
    def status(self) -> str | None:
        self.build.refresh_from_db(fields=["status"])
        return None if self.build.status in Build.ACTIVE else self.build.status


def number(text: str) -> int:
    """Return a number from an address, 0 for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


async def pause(changed: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(changed.wait(), seconds)


def batch(reader: LogReader, position: int, is_ended: bool) -> tuple[list[dict], int, bool]:
    """Return whole lines from `position` on, the number after them, and whether they were all.

    The last line is left for later while it may still grow.
    """
    facts = reader.facts()
    whole = facts.lines if is_ended or ends_with_newline(reader, facts) else facts.lines - 1
    if position >= whole:
        return [], position, True
    kept, size = [], 0
    for line in reader.lines(position, min(BATCH_LINES, whole - position)):
        kept.append({"n": line.n, "t": line.t, "text": line.text})
        size += len(line.text)
        if size > BATCH_CHARACTERS:
            break
    following = kept[-1]["n"] + 1 if kept else after_gap(reader, position, whole)
    return kept, following, following >= whole


def ends_with_newline(reader: LogReader, facts) -> bool:
    total = facts.total_bytes
    return not total or b"".join(reader.raw(total - 1, total)) == b"\n"


def after_gap(reader: LogReader, position: int, whole: int) -> int:
    """Return the first number behind the lines that are not kept from `position` on."""
    ends = [gap.first + gap.count for gap in reader.gaps()]
    return min((end for end in ends if end > position), default=whole)


def head_of(reader: LogReader) -> dict:
    facts = reader.facts()
    tail = reader.tail(HEAD_LINES)
    return {
        "lines": facts.lines,
        "bytes": facts.total_bytes,
        "errors": facts.errors,
        "colour": reader.colour_at(tail[0].n) if tail else "",
        "gaps": [[gap.first, gap.count] for gap in reader.gaps()],
        "tail": [{"n": line.n, "t": line.t, "text": line.text} for line in tail],
    }
