"""Spiders that end in every way there is, each under a real supervisor."""

import json
import os
import signal
import sys
import time
from pathlib import Path

import pytest

from runner import launch, spool, tree
from runner.sockets import Bell
from tests.runner.conftest import PATIENCE, log_of, wait_for


@pytest.mark.parametrize("code", [0, 1, 137, 255])
def test_it_tells_exit_codes(starter, code):
    _, outcome = starter.run("ending.py", str(code))

    assert outcome.status == ("failed" if code else "succeeded")
    assert (outcome.reason, outcome.exit_code, outcome.signal) == ("exit", code, None)
    assert outcome.survivors == 0


@pytest.mark.parametrize("name", ["SEGV", "ABRT", "KILL"])
def test_it_tells_signals_from_codes(starter, name):
    _, outcome = starter.run("ending.py", name)

    assert (outcome.status, outcome.reason) == ("failed", "signal")
    assert (outcome.exit_code, outcome.signal) == (None, getattr(signal, f"SIG{name}"))


def test_it_reports_what_was_used_and_printed(starter):
    order, outcome = starter.run()

    assert log_of(order) == b"ending 0\n"
    assert (outcome.log_lines, outcome.log_bytes, outcome.dropped_bytes) == (1, 9, 0)
    assert outcome.cpu_seconds > 0
    assert outcome.peak_rss_bytes > 2**20
    assert outcome.started_at <= outcome.finished_at
    assert 0 < outcome.duration < PATIENCE


@pytest.mark.fault
def test_a_tree_half_deaf_to_sigterm_is_gone_after_a_stop(starter):
    order, started = starter.start("forker.py", "50")
    wait_for(lambda: log_of(order).count(b"up") == 50)

    assert launch.stop(order.spool, "user")
    outcome = starter.end(order)

    assert (outcome.status, outcome.stop_reason, outcome.survivors) == ("canceled", "user", 0)
    assert tree.carriers(order.key) == []
    assert not tree.is_alive(started.spider)


@pytest.mark.fault
def test_a_stop_and_a_natural_end_never_muddle(starter):
    for number in range(30):
        order, _ = starter.start("ending.py", "0", str(number % 5 / 100))
        time.sleep(number % 7 / 100)  # not a wait: it spreads the stops over the spider's life
        launch.stop(order.spool, "user")
        outcome = starter.end(order)

        assert outcome.status in ("succeeded", "canceled")
        assert (outcome.status == "canceled") == (outcome.stop_reason == "user")
        assert outcome.survivors == 0


@pytest.mark.fault
@pytest.mark.parametrize("limit", ["timeout", "silence"])
def test_it_is_timed_out_though_the_spider_exits_with_0(starter, limit):
    order, outcome = starter.run("polite.py", **{limit: 6}, grace=30)

    assert (outcome.status, outcome.reason, outcome.exit_code) == ("timed_out", limit, 0)
    assert b"got SIGTERM" in log_of(order)


def test_a_stop_is_sigint_first_where_the_order_says_so(starter):
    order, _ = starter.start("polite.py", stop_signal="INT", grace=30)
    wait_for(lambda: b"ready" in log_of(order))

    launch.stop(order.spool, "replaced")
    outcome = starter.end(order)

    assert b"got SIGINT" in log_of(order)
    assert (outcome.status, outcome.reason) == ("canceled", "replaced")


def test_a_second_stop_does_not_wait_and_keeps_the_first_reason(starter):
    order, _ = starter.start("forker.py", "2", grace=600)
    wait_for(lambda: log_of(order).count(b"up") == 2)

    launch.stop(order.spool, "user")
    launch.stop(order.spool, "replaced", at_once=True)
    outcome = starter.end(order)

    assert (outcome.stop_reason, outcome.signal) == ("user", signal.SIGKILL)
    assert not launch.stop(order.spool, "user")


def test_what_is_left_of_the_tree_ends_with_the_spider(starter):
    order, outcome = starter.run("daemon.py")

    assert (outcome.status, outcome.exit_code, outcome.survivors) == ("succeeded", 0, 0)
    assert tree.carriers(order.key) == []


@pytest.mark.fault
def test_nobody_is_left_of_an_attempt_whose_supervisor_was_killed(starter):
    order, started = starter.start("daemon.py", "stay")
    wait_for(lambda: b"daemon" in log_of(order))
    assert spool.is_held(order.spool)

    os.kill(started.pid, signal.SIGKILL)
    wait_for(lambda: not spool.is_held(order.spool))

    assert spool.read_outcome(order.spool) is None
    wait_for(lambda: len(tree.carried(order.key)) == 2)
    assert tree.end_carriers(order.key, bound=PATIENCE) == 0
    assert tree.carried(order.key) == []


@pytest.mark.fault
def test_a_long_line_does_not_make_the_supervisor_grow(starter):
    bell = Bell(str(starter.home / "bell"))
    order, started = starter.start("longline.py", "20", bell=bell.path, log_limit=2**30)
    peak = 0
    while not spool.read_outcome(order.spool):
        peak = max(peak, peak_memory(started.pid))
        bell.wait(0.01)
    bell.close()

    assert starter.end(order).log_bytes == 20 * 2**20
    assert peak < 50 * 2**20


def peak_memory(pid):
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM")), 0)


@pytest.mark.fault
def test_a_closed_output_is_not_the_end(starter):
    order, outcome = starter.run("closing.py")

    assert outcome.status == "succeeded"
    assert outcome.duration >= 1
    assert log_of(order) == b"an error\n"
    assert (Path(order.spool) / "output" / "done").read_text() == "worked"


def test_secrets_are_nowhere_in_the_spool(starter):
    secret = "correct-horse-battery"
    env = {"PATH": os.environ["PATH"], "PASSWORD": secret}
    order, outcome = starter.run("leaking.py", secret, env=env, secrets=[secret])

    for path in Path(order.spool).rglob("*"):
        if path.is_file():
            assert secret.encode() not in path.read_bytes(), path
    assert log_of(order).startswith(b"****** ")
    assert log_of(order).endswith(b"\n******\n")
    assert outcome.secrets_printed == 3


def test_the_spider_works_in_a_private_copy(starter):
    source = starter.home / "revision"
    source.mkdir()
    (source / "settings.cfg").write_text("x")
    state = starter.home / "kept"
    order, outcome = starter.run("looking.py", source=str(source), state_dir=str(state))
    seen = json.loads(log_of(order))

    assert outcome.status == "succeeded"
    assert seen["files"] == ["settings.cfg", "written"]
    assert seen["stdin"] == ""
    given = ["KUMO_ATTEMPT_ID", "KUMO_OUTPUT_DIR", "KUMO_STATE_DIR", "PATH"]
    assert seen["variables"] == given
    assert os.listdir(source) == ["settings.cfg"]
    assert not Path(seen["directory"]).exists()
    assert state.is_dir()


def test_more_memory_than_allowed_is_said_so(starter):
    order, _ = starter.start("hungry.py", memory_limit_mb=100)
    wait_for(lambda: spool.read_outcome(order.spool) or b"full" in log_of(order))
    # Where no control group holds the limit, the one who watches asks for the end.
    launch.stop(order.spool, "memory_limit")
    outcome = starter.end(order)

    assert (outcome.status, outcome.reason) == ("failed", "memory_limit")
    assert outcome.limits_held_by in ("cgroup", "keeper")


def test_open_files_are_limited_for_the_spider(starter):
    code = "import resource; print(resource.getrlimit(resource.RLIMIT_NOFILE))"
    order, _ = starter.run(argv=[sys.executable, "-S", "-c", code], open_files=64)

    assert log_of(order) == b"(64, 64)\n"


def test_the_bell_tells_start_stop_and_end(starter):
    bell = Bell(str(starter.home / "bell"))
    order, _ = starter.start("polite.py", bell=bell.path, grace=30)
    wait_for(lambda: b"ready" in log_of(order))
    launch.stop(order.spool, "user")
    starter.end(order)
    heard = []
    wait_for(lambda: heard.extend(bell.wait(1)) or len(heard) >= 3)
    bell.close()

    assert heard == [f"{word} {order.key}" for word in ("started", "stopping", "ended")]
