import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
CRON = "30 2 * * 1-5"


def with_trigger(open_page, **options):
    """Open the form of a new task and add a trigger to it; return the page."""
    page = open_page("/admin/tasks/task/add/", **options)
    page.locator(".k-triggers .add-row a").click()
    return page


def test_the_fields_of_a_trigger_follow_its_kind(open_page):
    page = with_trigger(open_page)
    cron, every = page.locator("#id_triggers-0-cron"), page.locator("#id_triggers-0-every")
    page.select_option("#id_triggers-0-kind", "cron")
    expect(cron).to_be_visible()
    expect(every).to_be_hidden()
    page.select_option("#id_triggers-0-kind", "interval")
    expect(every).to_be_visible()
    expect(cron).to_be_hidden()


def test_what_a_trigger_means_is_said_while_it_is_written(open_page):
    page = with_trigger(open_page)
    page.select_option("#id_triggers-0-kind", "cron")
    page.fill("#id_triggers-0-cron", CRON)
    said = page.locator("#triggers-0 .k-preview")
    expect(said.locator("strong")).to_contain_text("02:30")
    expect(said.locator("strong")).to_contain_text("Monday")
    expect(said.locator(".k-fires li")).to_have_count(6)
    page.fill("#id_triggers-0-cron", "61 * * * *")
    expect(said.locator(".k-note.bad")).to_be_visible()


def test_what_a_trigger_means_is_said_in_chinese(open_page):
    page = with_trigger(open_page, locale="zh-CN")
    page.select_option("#id_triggers-0-kind", "cron")
    page.fill("#id_triggers-0-cron", CRON)
    said = page.locator("#triggers-0 .k-preview strong")
    expect(said).to_contain_text("02:30")
    expect(said).to_have_text(re.compile(r"^[^A-Za-z]*[一-龥][^A-Za-z]*$"))


def test_a_wrong_trigger_is_told_at_its_field_with_and_without_scripts(kumo, open_page, samples):
    trigger = {"kind": "cron", "cron": CRON, "time_zone": "UTC"}
    name = samples.task(triggers=[trigger])
    for has_scripts in (True, False):
        page = open_page("/admin/tasks/task/?q=" + name, java_script_enabled=has_scripts)
        page.locator("#result_list").get_by_role("link", name=name).first.click()
        page.fill("#id_triggers-0-cron", "61 * * * *")
        page.locator("[name=_continue]").first.click()
        wrong = page.locator(".k-triggers .field-cron .errorlist").first
        expect(wrong).to_be_visible()
        right = f"{15 + has_scripts} 4 * * *"
        page.fill("#id_triggers-0-cron", right)
        page.locator("[name=_continue]").first.click()
        expect(page.locator(".messagelist .success")).to_be_visible()
        expect(page.locator("#id_triggers-0-cron")).to_have_value(right)
        assert kumo.ask("GET", f"/tasks/{name}")["triggers"][0]["cron"] == right
