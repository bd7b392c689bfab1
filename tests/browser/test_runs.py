import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
PARTS = {
    "Details": "Started with",
    "Environment": None,
    "Files": None,
    "Events": "Events",
    "Compare": "Compared with the last success",
    "Log": None,
}


def test_every_part_of_a_run_opens_from_its_tab(open_page, colourful):
    page = open_page(colourful)
    tabs = page.get_by_role("navigation", name="Parts of the run")
    for title, heading in PARTS.items():
        tabs.get_by_role("link", name=title, exact=True).click()
        current = tabs.locator("[aria-current=page]")
        expect(current).to_have_text(title)
        if heading:
            expect(page.get_by_role("heading", name=heading)).to_be_visible()
    page.wait_for_selector(".kl.ready")
