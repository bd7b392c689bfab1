"""One Kumo for all browser tests; each test makes what it needs under names of its own."""

import itertools
import shutil

import pytest
from playwright.sync_api import expect

from tests.browser.samples import COLOURFUL, LONG, Samples
from tests.installation import Installation

PATIENCE = 60_000  # ms
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """Debian's Chromium, for the user who runs the tests, who may be root."""
    chromium = shutil.which("chromium")
    assert chromium, "Chromium is not there. On Debian: apt-get install chromium"
    quiet = ("background-networking", "component-update", "sync", "gpu", "dev-shm-usage", "quic")
    arguments = ["--no-sandbox", "--no-first-run", *(f"--disable-{each}" for each in quiet)]
    return browser_type_launch_args | {"executable_path": chromium, "args": arguments}


@pytest.fixture(scope="session")
def kumo(tmp_path_factory):
    """The installation, with an environment and 20 slots."""
    made = Installation(tmp_path_factory.mktemp("browser") / "whole", KUMO_SLOTS="20")
    try:
        made.start()
        made.make_environment()
        yield made
    finally:
        made.end()


@pytest.fixture(scope="session")
def samples(kumo):
    return Samples(kumo, itertools.count(1))


@pytest.fixture(scope="session")
def cookies(kumo):
    """The cookies of a signed-in administrator, as a browser takes them."""
    return [
        {"name": each.name, "value": each.value, "url": kumo.url} for each in kumo.sign_in().cookies
    ]


@pytest.fixture
def open_page(kumo, cookies, new_context):
    """Return a function that opens a page, signed in; its options are the browser context's."""

    def opened(path: str = "", is_signed_in: bool = True, **options):
        context = new_context(base_url=kumo.url, **options)
        context.set_default_timeout(PATIENCE)
        if is_signed_in:
            context.add_cookies(cookies)
        page = context.new_page()
        if path:
            page.goto(path)
        return page

    return opened


@pytest.fixture(scope="session")
def colourful(samples):
    """The address of a run that failed and printed colours, HTML, errors and Chinese."""
    return samples.ended(COLOURFUL, "failed")


@pytest.fixture(scope="session")
def long(samples):
    """The address of a run that printed 200,000 lines."""
    return samples.ended(LONG, "succeeded")
