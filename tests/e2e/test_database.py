"""A whole Kumo on the database of the test run: SQLite, or PostgreSQL with Redis."""

import contextlib
import os
import secrets
import shutil
import subprocess
import time

import psycopg
import pytest

from tests import databases
from tests.installation import Installation, is_alive, wait_for

pytestmark = pytest.mark.database
IS_SERVER = os.environ.get("KUMO_TEST_DATABASE") == "postgres"
SPIDER = {"spider.py": "print('hello')\n"}


@pytest.fixture(scope="module")
def server():
    """The settings of a database of its own; with PostgreSQL also of a Redis."""
    if not IS_SERVER:
        yield {}
        return
    name = f"whole_{secrets.token_hex(4)}"
    address = os.environ["DATABASE_URL"]
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    with redis() as url:
        yield {"DATABASE_URL": f"{address.rpartition('/')[0]}/{name}", "KUMO_REDIS_URL": url}


@contextlib.contextmanager
def redis():
    """Give the address of a Redis server that ends with the block."""
    program, port = shutil.which("redis-server"), databases.free_port()
    assert program, "Redis is not there. On Debian: apt-get install redis-server"
    options = ("--bind", "127.0.0.1", "--save", "", "--appendonly", "no")
    process = subprocess.Popen([program, "--port", str(port), *options], stdout=subprocess.DEVNULL)
    try:
        yield f"redis://127.0.0.1:{port}/1"
    finally:
        process.terminate()
        process.wait()


@pytest.fixture(scope="module")
def whole(server, tmp_path_factory):
    made = Installation(tmp_path_factory.mktemp("database") / "whole", is_fresh=True, **server)
    made.start()
    made.make_environment()
    made.make_task("hello", SPIDER, "python spider.py", overlap="parallel", max_parallel=4)
    yield made
    made.end()


def test_runs_are_started_and_brought_home(whole):
    runs = [whole.start_run("hello") for _number in range(8)]
    ended = [whole.wait_for_run(run, "succeeded") for run in runs]
    assert [len(each["attempts"]) for each in ended] == [1] * 8
    assert whole.lines(runs[0]) == ["hello"]


def test_a_wake_up_that_was_lost_costs_only_time(whole):
    whole.run_code(
        "from tasks.models import Run, Task; from tasks import queue; from nodes import delivery\n"
        "delivery.async_task = lambda *_arguments: None\n"
        "queue.enqueue(Task.objects.get(slug='hello'), Run.Origin.API)"
    )
    newest = whole.ask("GET", "/runs?limit=1")["items"][0]["id"]
    whole.wait_for_run(newest, "succeeded")


def test_the_platform_ends_and_comes_back(whole):
    before = whole.platform()
    began = time.monotonic()
    assert whole.stop() == 0
    assert time.monotonic() - began < 30
    wait_for(lambda: not any(map(is_alive, before)))
    whole.start()
    whole.wait_for_run(whole.start_run("hello"), "succeeded")
