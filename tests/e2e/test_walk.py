"""A newcomer's first minutes, in a real browser: sign in, the demo, a live log, a stop."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
TICKING = {
    "spider.py": "import itertools, time\n"
    "for number in itertools.count():\n"
    "    print('tick', number, flush=True)\n"
    "    time.sleep(0.2)\n"
}
PATIENCE = 60_000


def test_the_demo_is_run_with_one_click_and_its_log_is_seen(installation, signed_in):
    signed_in.get_by_role("button", name="Run the demo spider").click()
    signed_in.wait_for_url("**/tasks/run/*/change/")
    run = int(signed_in.url.rstrip("/").split("/")[-2])
    installation.wait_for_run(run, "running", "succeeded")
    signed_in.reload()
    expect(signed_in.get_by_text("quotes in items.jsonl").first).to_be_visible(timeout=PATIENCE)
    expect(signed_in.locator(".k-pill.succeeded").first).to_be_visible(timeout=PATIENCE)


def test_a_run_is_followed_and_stopped(installation, signed_in):
    installation.make_task("ticking", TICKING, "python spider.py")
    run = installation.start_run("ticking")
    installation.wait_for_run(run, "running")
    signed_in.goto(f"{installation.url}/admin/tasks/run/{run}/change/")
    # The line is printed after the page has come: it arrived by the socket.
    expect(signed_in.get_by_text("tick 25").first).to_be_visible(timeout=PATIENCE)
    signed_in.get_by_role("button", name="Stop", exact=True).click()
    expect(signed_in.locator(".k-pill.canceled").first).to_be_visible(timeout=PATIENCE)
    assert installation.wait_for_run(run)["survivors"] == 0
