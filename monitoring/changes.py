"""Tells who waits for it that files in a directory have changed, by the kernel's own word."""

import asyncio
import ctypes
import os
import struct
from contextlib import asynccontextmanager
from pathlib import Path

CHANGED = 0x00000002 | 0x00000008 | 0x00000080 | 0x00000100 | 0x00000200
EVENT = struct.Struct("iIII")
READ = 64 * 1024
libc = ctypes.CDLL(None, use_errno=True)


class Changes:
    """One inotify instance of an event loop; all who wait for a directory share its watch."""

    def __init__(self):
        self.descriptor = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        if self.descriptor < 0:
            raise OSError(ctypes.get_errno(), "inotify")
        self.waiting: dict[int, set[asyncio.Event]] = {}
        asyncio.get_running_loop().add_reader(self.descriptor, self.read)

    def read(self) -> None:
        data, place = os.read(self.descriptor, READ), 0
        while place < len(data):
            watch, _mask, _cookie, length = EVENT.unpack_from(data, place)
            place += EVENT.size + length
            for event in self.waiting.get(watch, ()):
                event.set()

    def add(self, directory: Path, event: asyncio.Event) -> int | None:
        """Return the watch on the directory; None where it cannot be watched."""
        watch = libc.inotify_add_watch(self.descriptor, os.fsencode(directory), CHANGED)
        if watch < 0:
            return None
        self.waiting.setdefault(watch, set()).add(event)
        return watch

    def remove(self, watch: int, event: asyncio.Event) -> None:
        events = self.waiting[watch]
        events.discard(event)
        if not events:
            del self.waiting[watch]
            libc.inotify_rm_watch(self.descriptor, watch)

    def close(self) -> None:
        asyncio.get_running_loop().remove_reader(self.descriptor)
        os.close(self.descriptor)


changes_of_loop: dict[int, Changes] = {}


@asynccontextmanager
async def changes(directory: Path):
    """Give an event that is set whenever something in the directory was written."""
    loop = id(asyncio.get_running_loop())
    found = changes_of_loop.get(loop) or changes_of_loop.setdefault(loop, Changes())
    event = asyncio.Event()
    watch = found.add(directory, event)
    try:
        yield event
    finally:
        if watch is not None:
            found.remove(watch, event)
        if not found.waiting:
            found.close()
            del changes_of_loop[loop]
