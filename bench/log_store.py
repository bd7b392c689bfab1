"""Measures the log store beside the floor: python bench/log_store.py [lines]."""

import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from runner.logs.packing import pack  # noqa: E402
from runner.logs.pattern import Pattern  # noqa: E402
from runner.logs.reader import LogReader  # noqa: E402
from runner.logs.writer import LogWriter  # noqa: E402

LINE = b"2026-11-28 19:00:00,123 [scrapy.core.engine] DEBUG: Crawled (200) <GET https://a.example/%07d>\n"
MEMORY = """
import sys
from pathlib import Path
from runner.logs.reader import LogReader

def peak():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))

reader = LogReader(Path(sys.argv[1]))
before = peak()
reader.lines(0, 200), reader.tail(1000), reader.lines(reader.facts().lines // 2, 200)
print(peak() - before)
"""


def timed(call) -> float:
    start = time.perf_counter()
    call()
    return (time.perf_counter() - start) * 1000


def median(call, times: int = 15) -> float:
    return statistics.median(timed(call) for _ in range(times))


def say(name: str, ms: float, goal: float, floor: float | None = None) -> None:
    ratio = f"{ms / floor:8.2f} x {floor:.2f} ms" if floor else ""
    print(f"{name:<28}{ms:10.2f} ms   goal {goal:>5.0f}   {ratio}", flush=True)


def chunks(lines: int):
    """Output as a pipe gives it: 64 KiB at a time."""
    block = b"".join(LINE % n for n in range(lines))
    for start in range(0, len(block), 65536):
        yield block[start : start + 65536]


def pump(directory: Path, lines: int) -> None:
    output = list(chunks(lines))
    size = sum(map(len, output))
    floor_file = directory / "bare"
    with floor_file.open("wb", buffering=0) as file:
        floor = timed(lambda: [file.write(chunk) for chunk in output])
    floor_file.unlink()
    writer = LogWriter(directory, 1 << 30)
    spent = timed(lambda: ([writer.write(chunk) for chunk in output], writer.close()))
    print(f"{lines} lines, {size / 1e6:.0f} MB")
    rates = size / spent / 1000, size / floor / 1000
    print("pump {:.0f} MB/s, a bare file {:.0f} MB/s, goal 100 MB/s".format(*rates))


def raw_tail(path: Path) -> None:
    with path.open("rb") as file:
        file.seek(-110_000, os.SEEK_END)
        file.read().decode("utf-8", "replace").splitlines()[-1000:]


def grep(path: Path, word: str) -> None:
    subprocess.run(["grep", "-ci", word, path], stdout=subprocess.DEVNULL, check=True)


def look(directory: Path, lines: int, floors: tuple[float, float]) -> None:
    reader = LogReader(directory)
    tail_floor, search_floor = floors
    word = f"{lines - 1:07}"
    say("first screen (200 lines)", median(lambda: reader.lines(0, 200)), 8, tail_floor)
    say("last 1,000 lines", median(lambda: reader.tail(1000)), 8, tail_floor)
    say("any line", median(lambda: reader.lines(random.randrange(lines), 1), 101), 20, tail_floor)
    whole = median(lambda: list(reader.search(Pattern(word))), 5)
    say("whole search, literal", whole, 250, search_floor)
    expression = Pattern(f"a.example/{word}>", regex=True)
    say("whole search, expression", median(lambda: list(reader.search(expression)), 5), 250)
    argv = [sys.executable, "-c", MEMORY, directory]
    grown = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    print(f"memory of the three windows {int(grown) / 1024:.1f} MB, goal 2 MB")


def main() -> None:
    lines = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        pump(directory, lines)
        path = directory / "log"
        word = f"{lines - 1:07}"
        # The head and the other segments, as the plain bytes they are.
        joined = directory / "joined"
        joined.write_bytes(b"".join(LogReader(directory).raw()))
        floors = median(lambda: raw_tail(joined)), median(lambda: grep(joined, word), 5)
        print(f"-- plain ({path.name}); the floor is a raw tail, for searches grep -i")
        look(directory, lines, floors)
        print(f"-- packed in {timed(lambda: pack(directory)):.0f} ms")
        look(directory, lines, floors)


if __name__ == "__main__":
    main()
