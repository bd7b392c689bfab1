"""Prints how long a line takes from its print to a socket: `python bench/live_log.py [LINES]`."""

import asyncio
import json
import statistics
import sys
import time
from pathlib import Path

import websockets

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.installation import temporary

APART = 0.1
SPIDER = """
import time
for _line in range({lines}):
    print(time.time(), flush=True)
    time.sleep({apart})
"""


async def follow(url: str, headers: dict[str, str]) -> list[float]:
    """Return the seconds that each line of the log took from its print to this socket."""
    found = []
    async with websockets.connect(url, additional_headers=headers) as socket:
        async for message in socket:
            now, data = time.time(), json.loads(message)
            if "end" in data:
                break
            found += [now - float(line["text"]) for line in data.get("lines", ())]
    return found


def main(lines: int) -> None:
    with temporary() as kumo:
        session = kumo.sign_in()
        code = SPIDER.format(lines=lines, apart=APART)
        kumo.make_task("ticking", {"spider.py": code}, "python spider.py")
        run = kumo.start_run("ticking")
        kumo.wait_for_run(run, "running")
        cookies = "; ".join(f"{each.name}={each.value}" for each in session.cookies)
        headers = {"Cookie": cookies, "Origin": kumo.url}
        url = f"{kumo.url.replace('http', 'ws', 1)}/ws/runs/{run}/log?from=0"
        # What was printed before the socket opened took as long as that.
        found = sorted(asyncio.run(follow(url, headers))[5:])
        print(f"{len(found)} lines, one each {1000 * APART:.0f} ms, from print to socket:")
        p50, p95 = 1000 * statistics.median(found), 1000 * found[int(0.95 * len(found))]
        print(f"p50 {p50:.1f} ms (goal at most 30), p95 {p95:.1f}, max {1000 * found[-1]:.1f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 200)
