"""Raw clients that never read cost little memory and do not slow the spider (fault 19)."""

import socket
from urllib.parse import urlsplit

import psutil
import pytest

pytestmark = pytest.mark.fault
VIEWERS = 20
FLOOD = """
import sys, time
line = b"x" * 199 + b"\\n"
end = time.monotonic() + 8
written = 0
while time.monotonic() < end and written < 200_000_000:
    sys.stdout.buffer.write(line * 500)
    written += 100_000
print("done")
"""
HANDSHAKE = (
    "GET /ws/runs/{run}/log HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\n"
    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nCookie: {cookie}\r\n\r\n"
)


def open_viewer(installation, session, run: int) -> socket.socket:
    """Return a socket whose handshake was answered, and that nobody reads from."""
    address = urlsplit(installation.url)
    raw = socket.create_connection((address.hostname, address.port), timeout=30)
    cookie = "; ".join(f"{each.name}={each.value}" for each in session.cookies)
    raw.sendall(HANDSHAKE.format(run=run, host=address.netloc, cookie=cookie).encode())
    assert raw.recv(12) == b"HTTP/1.1 101"
    return raw


def memory(installation) -> int:
    """Return the largest resident memory among Kumo's own processes, in bytes."""
    sizes = []
    for process in psutil.Process(installation.process.pid).children(recursive=True):
        try:
            sizes.append(process.memory_info().rss)
        except psutil.NoSuchProcess:
            continue
    return max(sizes)


def test_viewers_that_never_read_cost_little_and_slow_nothing(installation):
    installation.make_task("flood", {"flood.py": FLOOD}, "python flood.py")
    session = installation.sign_in()
    run = installation.start_run("flood")
    installation.wait_for_run(run, "running")
    before = memory(installation)
    viewers = [open_viewer(installation, session, run) for _viewer in range(VIEWERS)]
    try:
        assert installation.wait_for_run(run)["status"] == "succeeded"
        assert memory(installation) - before < 150_000_000
        assert installation.ask("GET", f"/runs/{run}/log?tail=1")["lines"][0]["text"] == "done"
    finally:
        for viewer in viewers:
            viewer.close()
