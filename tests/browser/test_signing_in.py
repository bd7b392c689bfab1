import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_a_wrong_password_is_told_and_the_right_one_opens_the_page_asked_for(kumo, open_page):
    page = open_page("/admin/tasks/project/", is_signed_in=False)
    page.fill("#id_username", "admin")
    page.fill("#id_password", "wrong")
    page.press("#id_password", "Enter")
    expect(page.locator(".errornote")).to_be_visible()
    page.fill("#id_username", "admin")
    page.fill("#id_password", kumo.password)
    page.press("#id_password", "Enter")
    page.wait_for_url("**/admin/tasks/project/")
    page.locator(".k-user summary").click()
    page.get_by_role("button", name="Log out").click()
    page.wait_for_url(lambda url: "/tasks/" not in url)
    page.goto("/admin/tasks/project/")
    expect(page.locator("#id_password")).to_be_visible()
