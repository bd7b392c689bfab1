"""A spool is made once, held by one, and never loses its outcome."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from runner import spool
from runner.order import Order
from runner.outcome import Outcome

FULL_DISK = """
import subprocess, sys
from pathlib import Path
from runner.order import Order
from runner.outcome import Outcome
from runner.spool import Spool, read_outcome

home = Path(sys.argv[1])
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=128k", "kumo-test", str(home)], check=True)
made = Spool(Order("k", str(home), str(home / "a"), []))
try:
    with open(home / "a" / "output" / "big", "wb", buffering=0) as file:
        while True:
            file.write(b"x" * 4096)
except OSError as problem:
    print(problem.errno)
made.end(Outcome("failed", "exit", "d" * 5000, exit_code=3))
print(read_outcome(home / "a").to_json())
"""


def make(tmp_path):
    return spool.Spool(Order("k", str(tmp_path), str(tmp_path / "a" / "k"), []))


def test_it_is_made_only_once(tmp_path):
    made = make(tmp_path)

    with pytest.raises(spool.AlreadyStarted):
        make(tmp_path)
    made.end(Outcome("succeeded"))


def test_it_is_held_until_its_end(tmp_path):
    made = make(tmp_path)
    assert spool.is_held(made.path)
    assert spool.read_outcome(made.path) is None

    made.end(Outcome("failed", "exit", exit_code=3))

    assert not spool.is_held(made.path)
    assert spool.read_outcome(made.path) == Outcome("failed", "exit", exit_code=3)


def test_a_spool_that_is_not_there_is_neither_held_nor_ended(tmp_path):
    assert not spool.is_held(tmp_path / "none")
    assert spool.read_outcome(tmp_path / "none") is None
    assert not spool.send(tmp_path / "none", "stop user")


def test_a_torn_outcome_is_none(tmp_path):
    (tmp_path / "outcome.json").write_text('{"status": "succ')

    assert spool.read_outcome(tmp_path) is None


@pytest.mark.fault
def test_a_full_disk_cannot_lose_the_outcome(tmp_path):
    namespace = ["unshare", "--mount"] + ([] if os.getuid() == 0 else ["--map-root-user"])
    done = subprocess.run(
        [*namespace, sys.executable, "-c", FULL_DISK, str(tmp_path)],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
        timeout=60,
        check=True,
    )
    refused, outcome = done.stdout.splitlines()

    assert refused == "28"
    assert json.loads(outcome)["exit_code"] == 3
