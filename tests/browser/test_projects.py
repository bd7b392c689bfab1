import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
SPIDER = "print('pasted and run')\n"


def test_a_pasted_file_becomes_a_project_a_task_and_a_run(open_page, samples):
    name = samples.name()
    page = open_page("/admin/tasks/project/add/")
    page.fill("#id_slug", name)
    page.locator("[name=kind][value=files]").check()
    expect(page.locator("[name=git_url]")).to_be_hidden()
    page.fill("[name=file_name]", "spider.py")
    page.fill("[name=content]", SPIDER)
    page.get_by_role("button", name="Save", exact=True).click()
    page.locator("[aria-labelledby=k-suggestions] a").first.click()
    page.fill("#id_slug", name)
    page.select_option("#id_environment", label="python")
    page.fill("#id_command", "python spider.py")
    page.locator("[name=_continue]").first.click()
    page.get_by_role("link", name="Run now").click()
    page.get_by_role("button", name="Run now").click()
    page.wait_for_url("**/tasks/run/*/change/")
    expect(page.locator(".k-pill.succeeded").first).to_be_visible()
    expect(page.get_by_text("pasted and run").first).to_be_visible()
