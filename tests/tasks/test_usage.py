import os
import subprocess
import sys

import pytest
from django.urls import reverse

from tasks import usage
from tests.factories import make_admin, make_attempt, make_run

pytestmark = pytest.mark.django_db


@pytest.fixture
def busy():
    """A process tree of a parent and a child that holds 40 MB."""
    child = "x = bytearray(40_000_000); print('up', flush=True); input()"
    parent = (
        "import subprocess, sys; "
        f"subprocess.run([sys.executable, '-c', {child!r}], stdin=sys.stdin)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", parent],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | {"KUMO_ATTEMPT_ID": "busy"},
    )
    process.stdout.readline()
    yield process
    process.communicate(b"\n")


def test_a_tree_is_measured_whole_and_its_figures_are_kept(busy):
    attempt = make_attempt(key="busy", pid=os.getpid())
    attempt.spool.mkdir(parents=True)
    watch = usage.Usage()
    watch.sample([attempt])
    watch.sample([attempt])
    attempt.refresh_from_db()
    assert attempt.peak_rss_bytes > 40_000_000
    assert usage.samples(attempt.spool)[0].rss_bytes > 40_000_000


def test_an_attempt_that_ended_is_watched_no_more(busy):
    attempt = make_attempt(key="busy", pid=os.getpid())
    attempt.spool.mkdir(parents=True)
    watch = usage.Usage()
    watch.sample([attempt])
    watch.sample([])
    assert watch.watched == {}


def test_long_attempts_are_kept_thinner_and_torn_lines_passed_over(tmp_path):
    usage.keep(tmp_path, usage.Sample(1.0, 0.1, 5, 1))
    with (tmp_path / usage.FILE).open("a") as file:
        file.write("[2.0, 0.2")
    assert usage.samples(tmp_path) == [usage.Sample(1.0, 0.1, 5, 1)]


def test_the_run_page_draws_what_was_used(client):
    client.force_login(make_admin())
    run = make_run(status="running", snapshot={"memory_limit_mb": 50})
    attempt = make_attempt(run)
    attempt.spool.mkdir(parents=True)
    for second in range(5):
        usage.keep(attempt.spool, usage.Sample(second, second / 2, 10_000_000 * second, 1))
    page = client.get(reverse("admin:tasks_run_change", args=[run.pk]) + "?tab=details")
    content = page.content.decode()
    assert "Memory, at most 40.0 MB" in content
    assert "CPU, 50 % on average" in content
    assert 'class="limit"' in content
