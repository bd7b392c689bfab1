"""Prints start latency and throughput beside Popen: `python bench/throughput.py [RUNS]`."""

import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.installation import temporary

SLOTS = 4
STARTS = 30
SPIDER = "import time; print(time.time(), flush=True)\n"


def floor_latency(spider: Path) -> float:
    """Return the median seconds from Popen to the spider's first line."""
    found = []
    for _start in range(STARTS):
        began = time.time()
        done = subprocess.run([sys.executable, spider], capture_output=True, text=True, check=True)
        found.append(float(done.stdout) - began)
    return statistics.median(found)


def floor_throughput(spider: Path, runs: int) -> float:
    """Return runs a second of as many threads as there are slots, each with its own Popen loop."""
    left = iter(range(runs))
    lock = threading.Lock()

    def loop() -> None:
        while True:
            with lock:
                if next(left, None) is None:
                    return
            subprocess.run([sys.executable, spider], stdout=subprocess.DEVNULL, check=True)

    threads = [threading.Thread(target=loop) for _slot in range(SLOTS)]
    began = time.monotonic()
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return runs / (time.monotonic() - began)


def latency(installation) -> list[float]:
    """Return the seconds from the request to the spider's first line, for each start."""
    found = []
    for _start in range(STARTS):
        began = time.time()
        run = installation.start_run("noop")
        installation.wait_for_run(run, "succeeded")
        found.append(float(installation.lines(run)[0]) - began)
    return sorted(found)


def throughput(installation, runs: int) -> float:
    """Return runs a second, from the first start to the last end."""
    code = (
        "from tasks.models import Run, Task; from tasks.queue import enqueue\n"
        f"[enqueue(Task.objects.get(slug='many'), Run.Origin.API) for _n in range({runs})]"
    )
    installation.run_code(code)
    counting = (
        "import time\nfrom tasks.models import Run\nruns = Run.objects.filter(task_slug='many')\n"
        f"while runs.filter(status='succeeded').count() < {runs}: time.sleep(0.2)\n"
        "from django.db.models import Max, Min\n"
        "ends = runs.aggregate(a=Min('started_at'), b=Max('finished_at'))\n"
        "print((ends['b'] - ends['a']).total_seconds())"
    )
    return runs / float(installation.run_code(counting))


def main(runs: int) -> None:
    with tempfile.TemporaryDirectory() as directory, temporary(KUMO_SLOTS=str(SLOTS)) as kumo:
        spider = Path(directory, "spider.py")
        spider.write_text(SPIDER)
        kumo.make_task("noop", {"spider.py": SPIDER}, "python spider.py")
        many = {"overlap": "parallel", "max_parallel": SLOTS}
        kumo.make_task("many", {"spider.py": SPIDER + "\n"}, "python spider.py", **many)
        floor, found = floor_latency(spider), latency(kumo)
        own = 1000 * (statistics.median(found) - floor)
        print(f"start: floor {1000 * floor:.1f} ms, Kumo {1000 * statistics.median(found):.1f} ms")
        print(f"       own cost p50 {own:.1f} ms (goal at most 25), max {1000 * found[-1]:.1f} ms")
        floor, found = floor_throughput(spider, runs), throughput(kumo, runs)
        print(f"{runs} no-op runs on {SLOTS} slots: floor {floor:.0f}/s, Kumo {found:.0f}/s")
        print(f"       share of the floor {found / floor:.2f} (goal at least 0.35)")


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 100)
