import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_the_palette_opens_a_page_by_its_name(open_page):
    page = open_page("/admin/")
    page.keyboard.press("Control+k")
    page.wait_for_selector("#k-palette[open]")
    page.keyboard.type("package ind")
    chosen = page.locator("#k-options [aria-selected=true]")
    expect(chosen).to_contain_text("Package indexes")
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/envs/packageindex/")


def test_the_dark_theme_is_chosen_and_remembered(open_page):
    page = open_page("/admin/", color_scheme="light")
    html = page.locator("html")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.locator(".k-top .theme-toggle").click()
    expect(html).to_have_attribute("data-theme", "dark")
    page.reload()
    expect(html).to_have_attribute("data-theme", "dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light


def test_the_language_is_chosen_on_the_page(open_page):
    page = open_page("/admin/tasks/task/")
    page.select_option("#k-language", "zh-hans")
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")
    expect(page.locator(".k-side a[data-icon=tasks]")).to_have_text(re.compile("任务"))
    expect(page).to_have_url(re.compile(r"/admin/tasks/task/$"))
