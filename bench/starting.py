"""Prints what a start costs beside a bare Popen, and what a supervisor weighs.

Run it from the root: `python bench/starting.py [COUNT]`.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from runner import launch, spool
from runner.order import Order

HELLO = [sys.executable, "-c", "print('hello', flush=True)"]


def wait_for(condition):
    deadline = time.monotonic() + 30
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise SystemExit("the bench waits for something that does not come")
        time.sleep(0.0005)
    return value


def bare(argv):
    """Seconds from Popen to the first line."""
    began = time.perf_counter()
    with subprocess.Popen(argv, stdout=subprocess.PIPE, start_new_session=True) as process:
        process.stdout.readline()
        return time.perf_counter() - began


def order(home, argv):
    key = uuid.uuid4().hex
    env = {"PATH": os.environ["PATH"]}
    return Order(key, str(home), str(home / "attempts" / key), argv, env)


def supervised(home, socket, argv):
    """Seconds from the launch to the first line in the log, and the outcome."""
    made = order(home, argv)
    log = Path(made.spool) / "log"
    began = time.perf_counter()
    launch.start(made, socket)
    wait_for(lambda: log.exists() and log.stat().st_size)
    took = time.perf_counter() - began
    return took, wait_for(lambda: spool.read_outcome(made.spool))


def own_cpu(home, socket):
    """CPU seconds of a supervisor itself, up to where its spider runs, and its PSS in bytes."""
    made = order(home, ["/bin/sleep", "60"])
    started = launch.start(made, socket)
    words = Path(f"/proc/{started.pid}/schedstat").read_text().split()
    lines = Path(f"/proc/{started.pid}/smaps_rollup").read_text().splitlines()
    pss = next(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
    launch.stop(made.spool, "user", at_once=True)
    wait_for(lambda: spool.read_outcome(made.spool))
    return int(words[0]) / 1e9, pss


def say(name, values, unit=1000, word="ms"):
    print(f"{name:44} {statistics.median(values) * unit:8.2f} {word}")


def main(count):
    with tempfile.TemporaryDirectory() as directory:
        home = Path(directory)
        path = str(home / "launcher")
        launcher = subprocess.Popen(launch.launcher_argv(path))
        try:
            wait_for(lambda: os.path.exists(path))
            # In turns, so that both meet the same weather.
            pairs = [(bare(HELLO), supervised(home, path, HELLO)[0]) for _ in range(count)]
            alone = [supervised(home, "", HELLO)[0] for _ in range(max(count // 5, 1))]
            owned = [own_cpu(home, path) for _ in range(max(count // 5, 1))]
        finally:
            launcher.terminate()
            launcher.wait()
    say("bare Popen to the first line", [floor for floor, _ in pairs])
    say("launch to the first line in the log", [took for _, took in pairs])
    say("own cost over the floor", [took - floor for floor, took in pairs])
    say("the same without a launcher", alone)
    say("supervisor's own CPU until its spider runs", [cpu for cpu, _ in owned])
    say("supervisor's PSS", [pss for _, pss in owned], 2**-20, "MiB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50)
