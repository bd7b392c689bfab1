"""Times environments: made by Kumo's builder and by venv with pip; the second of a lock; disk."""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from envs import builder

NEVER = 600


def build(home: Path, arguments, lock: str = "") -> tuple[float, Path]:
    """Return the seconds from the order to the outcome, and the build's directory."""
    key = uuid.uuid4().hex
    directory = home / "envs" / "bench" / key
    order = builder.Order(
        key=key,
        directory=str(directory),
        python=sys.executable,
        cache_dir=str(home / "envs" / ".cache"),
        by_lock=str(home / "envs" / ".by-lock"),
        requirements=arguments.requirements + "\n",
        lock=lock,
        index_url=arguments.index_url,
        extra_index_urls=arguments.extra_index_url,
        find_links=arguments.find_links,
    )
    began = time.perf_counter()
    builder.start(order)
    while not (outcome := builder.read_outcome(directory)):
        if time.perf_counter() - began > NEVER:
            sys.exit("The builder does not end.")
        time.sleep(0.002)
    if not outcome.is_ready:
        sys.exit(f"{outcome.reason}: {outcome.detail}")
    took = time.perf_counter() - began
    while builder.is_held(directory):
        time.sleep(0.002)
    return took, directory


def fresh(home: Path, arguments) -> float:
    """Return the seconds of a build that cannot be linked to an earlier one."""
    for link in (home / "envs" / ".by-lock").glob("*"):
        link.unlink()
    return build(home, arguments)[0]


def with_pip(home: Path, arguments) -> float:
    directory = home / "pip" / uuid.uuid4().hex
    options = [f"--index-url={arguments.index_url}"] if arguments.index_url else []
    options += [f"--extra-index-url={url}" for url in arguments.extra_index_url]
    options += [f"--find-links={path}" for path in arguments.find_links]
    began = time.perf_counter()
    subprocess.run([sys.executable, "-m", "venv", str(directory)], check=True)
    pip = [str(directory / "bin" / "python"), "-m", "pip", "install", "--quiet"]
    subprocess.run([*pip, *options, *arguments.requirements.split()], check=True)
    return time.perf_counter() - began


def used_bytes(root: Path) -> int:
    """Return the disk that is taken below, every linked file once."""
    seen, total = set(), 0
    for folder, folders, files in os.walk(root):
        for name in [*files, *folders]:
            facts = os.lstat(os.path.join(folder, name))
            if facts.st_ino not in seen:
                seen.add(facts.st_ino)
                total += facts.st_blocks * 512
    return total


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requirements", default="scrapy", help="packages, by spaces")
    parser.add_argument("--index-url", default="")
    parser.add_argument("--extra-index-url", action="append", default=[])
    parser.add_argument("--find-links", action="append", default=[])
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--pip-times", type=int, default=1)
    arguments = parser.parse_args()
    arguments.requirements = "\n".join(arguments.requirements.split())
    with tempfile.TemporaryDirectory(prefix="kumo-bench-") as name:
        home = Path(name)
        lock = builder.read_outcome(build(home, arguments)[1]).lock
        warm = [fresh(home, arguments) for _ in range(arguments.times)]
        linked, disk = [], []
        for _ in range(arguments.times):
            before = used_bytes(home)
            linked.append(build(home, arguments, lock)[0])
            disk.append(used_bytes(home) - before)
        pip = [with_pip(home, arguments) for _ in range(arguments.pip_times)]
    figures = {
        "warm_seconds": statistics.median(warm),
        "same_lock_seconds": statistics.median(linked),
        "same_lock_bytes": statistics.median(disk),
        "pip_seconds": statistics.median(pip),
    }
    figures["warm_share_of_pip"] = figures["warm_seconds"] / figures["pip_seconds"]
    print(json.dumps({name: round(value, 3) for name, value in figures.items()}, indent=2))


if __name__ == "__main__":
    main()
