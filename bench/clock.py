"""Prints how late fires are: `python bench/clock.py [MINUTES]`, quiet and under load."""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.installation import temporary

TASKS = (
    ("minute", {"kind": "cron", "cron": "* * * * *", "time_zone": "UTC"}),
    ("interval", {"kind": "interval", "every": 10}),
)
LATENESS = """
from tasks.models import Run
for run in Run.objects.filter(trigger__isnull=False, started_at__isnull=False):
    print((run.queued_at - run.scheduled_for).total_seconds(),
          (run.started_at - run.scheduled_for).total_seconds())
Run.objects.all().delete()
"""
BUSY = "while True: pass"


def told(name: str, seconds: list[float]) -> None:
    middle, most = 1000 * statistics.median(seconds), 1000 * max(seconds)
    print(f"{name}: p50 {middle:.1f} ms, max {most:.1f} ms of {len(seconds)}")


def measure(kumo, minutes: float, name: str) -> None:
    kumo.run_code("from tasks.models import Run; Run.objects.all().delete()")
    time.sleep(60 * minutes)
    rows = [line.split() for line in kumo.run_code(LATENESS).splitlines()]
    told(f"{name}, due to queued", [float(row[0]) for row in rows])
    told(f"{name}, due to started", [float(row[1]) for row in rows])


def main(minutes: float) -> None:
    with tempfile.TemporaryDirectory() as directory, temporary() as kumo:
        script = Path(directory) / "noop.py"
        script.write_text("print('on time')\n")
        for slug, trigger in TASKS:
            files = {"noop.py": script.read_text()}
            kumo.make_task(slug, files, "python noop.py", triggers=[trigger])
        measure(kumo, minutes, "quiet")
        busy = [subprocess.Popen([sys.executable, "-c", BUSY]) for _core in range(2)]
        try:
            measure(kumo, minutes, "under load")
        finally:
            for each in busy:
                each.kill()
    print("goal: p50 at most 20 ms and max 60 ms quiet, p50 at most 80 ms under load")


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 3)
