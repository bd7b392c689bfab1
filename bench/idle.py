"""Prints what an idle Kumo takes, all its processes: `python bench/idle.py [SECONDS]`."""

import sys
import time
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.installation import member_name, temporary

MB = 2**20
SETTLE = 8.0


def pss(process: psutil.Process) -> int:
    return process.memory_full_info().pss


def cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system


def measure(processes: dict[psutil.Process, str], seconds: float) -> None:
    before = {each: cpu(each) for each in processes}
    time.sleep(seconds)
    shares = {each: 100 * (cpu(each) - before[each]) / seconds for each in processes}
    sizes = {each: pss(each) / MB for each in processes}
    for each, name in processes.items():
        print(f"{name:12} {sizes[each]:6.1f} MB {shares[each]:6.2f} %")
    print(f"{'all':12} {sum(sizes.values()):6.1f} MB {sum(shares.values()):6.2f} %")
    print("goal at most  200.0 MB   1.00 %")


def main(seconds: float) -> None:
    with temporary() as installation:
        # The first sign-in loads the pages: that is what an idle Kumo has been asked before.
        installation.sign_in()
        time.sleep(SETTLE)
        root = psutil.Process(installation.process.pid)
        processes = {root: "up"}
        for each in root.children(recursive=True):
            processes[each] = member_name(each)
        print(f"idle for {seconds:.0f} s, {len(processes)} processes; PSS and share of one core")
        measure(processes, seconds)


if __name__ == "__main__":
    main(float(sys.argv[1]) if sys.argv[1:] else 30.0)
