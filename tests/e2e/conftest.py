import shutil

import pytest

from tests.installation import Installation


@pytest.fixture
def installation(tmp_path):
    """A Kumo for one test alone, which may break it; with an environment and 20 slots."""
    made = Installation(tmp_path / "whole", KUMO_SLOTS="20")
    made.start()
    made.make_environment()
    yield made
    made.end()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """Debian's Chromium, for the user who runs the tests, who may be root."""
    chromium = shutil.which("chromium")
    assert chromium, "Chromium is not there. On Debian: apt-get install chromium"
    quiet = ("background-networking", "component-update", "sync", "gpu", "dev-shm-usage", "quic")
    arguments = ["--no-sandbox", "--no-first-run", *(f"--disable-{each}" for each in quiet)]
    return browser_type_launch_args | {"executable_path": chromium, "args": arguments}


@pytest.fixture
def signed_in(installation, page):
    """The administrator's browser, on the first page."""
    page.set_default_timeout(60_000)
    page.goto(f"{installation.url}/admin/")
    page.fill("#id_username", "admin")
    page.fill("#id_password", installation.password)
    page.press("#id_password", "Enter")
    page.wait_for_selector("#user-tools, .k-top")
    return page
