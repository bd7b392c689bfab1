"""Length-prefixed JSON over a stream socket, between a starter and its supervisor."""

import json
import socket
import struct

_LENGTH = struct.Struct("!I")
LARGEST = 64 * 2**20


def send(connection: socket.socket, text: str) -> None:
    data = text.encode()
    connection.sendall(_LENGTH.pack(len(data)) + data)


def receive(connection: socket.socket) -> bytes:
    """Return one whole message; raises EOFError when the other end went away, or ValueError."""
    (length,) = _LENGTH.unpack(_exactly(connection, _LENGTH.size))
    if length > LARGEST:
        raise ValueError("message too long")
    return _exactly(connection, length)


def _exactly(connection: socket.socket, count: int) -> bytes:
    data = bytearray()
    while len(data) < count:
        part = connection.recv(min(count - len(data), 2**20))
        if not part:
            raise EOFError
        data += part
    return bytes(data)


def answer_once(connection: socket.socket):
    """Return a function that sends one dict and hangs up; whoever asked may be gone."""

    def answer(found: dict) -> None:
        try:
            send(connection, json.dumps(found))
        except OSError:
            pass
        finally:
            connection.close()

    return answer
