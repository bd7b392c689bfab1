"""Makes sockets wait for slow clients, so that one who never reads costs a bounded memory."""

import asyncio

from daphne.server import Server
from twisted.internet.interfaces import IPushProducer
from zope.interface import implementer


@implementer(IPushProducer)
class Pace:
    """Hears from a connection whether it has room; Twisted says so above and below 64 kB."""

    def __init__(self):
        self.has_room = asyncio.Event()
        self.has_room.set()

    def pauseProducing(self):  # noqa: N802 - Twisted's names
        self.has_room.clear()

    def resumeProducing(self):  # noqa: N802
        self.has_room.set()

    def stopProducing(self):  # noqa: N802
        self.has_room.set()


class PacedServer(Server):
    """Daphne, whose WebSocket messages wait until the client has taken those before."""

    async def handle_reply(self, protocol, message):
        if message["type"] == "websocket.send":
            await self.pace(protocol).has_room.wait()
        await super().handle_reply(protocol, message)

    def pace(self, protocol) -> Pace:
        known = self.connections.get(protocol, {})
        if "pace" not in known:
            known["pace"] = Pace()
            # The HTTP channel has handed the connection over, and is not asked any more.
            protocol.transport.unregisterProducer()
            protocol.transport.registerProducer(known["pace"], True)
        return known["pace"]
