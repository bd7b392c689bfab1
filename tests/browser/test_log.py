import re

import pytest
from playwright.sync_api import expect

from tests.browser.samples import COUNTING, run_page

pytestmark = pytest.mark.browser


def row(page, number: int):
    """Return the shown row of that line, counted from 1."""
    return page.locator(".kl-row:not([hidden])").filter(
        has=page.locator(f".kl-number[data-line='{number - 1}']")
    )


def opened(open_page, path: str, **options):
    page = open_page(path, **options)
    page.wait_for_selector(".kl.ready")
    return page


def press(page, *keys: str) -> None:
    page.locator(".kl-scroll").focus()
    for key in keys:
        page.keyboard.press(key)


def test_a_search_marks_its_hits_and_goes_from_one_to_the_next(open_page, colourful):
    page = opened(open_page, colourful)
    page.fill(".kl-query", "needle 针")
    page.press(".kl-query", "Enter")
    expect(page.locator(".kl-status")).to_contain_text("1 / 3")
    expect(row(page, 50).locator("mark")).to_have_text("needle 针")
    page.locator("[data-act=next]").click()
    expect(page.locator(".kl-status")).to_contain_text("2 / 3")
    expect(row(page, 150)).to_have_class(re.compile("picked"))
    page.fill(".kl-query", "not to be found")
    page.press(".kl-query", "Enter")
    expect(page.locator(".kl-status")).to_have_text("No match")


def test_a_link_to_a_line_opens_there_and_a_click_makes_one(open_page, colourful):
    page = opened(open_page, f"{colourful}#L200-L202")
    for number in (200, 201, 202):
        expect(row(page, number)).to_have_class(re.compile("picked"))
    expect(row(page, 200)).to_contain_text("line 200")
    row(page, 204).locator(".kl-number").click()
    expect(page).to_have_url(re.compile(r"#L204$"))


def test_errors_are_gone_through_with_one_key(open_page, colourful):
    page = opened(open_page, f"{colourful}#L1")
    expect(page.locator("[data-act=error] b")).to_have_text("2")
    for number in (120, 240, 120):
        press(page, "e")
        expect(row(page, number)).to_have_class(re.compile("picked"))
    expect(row(page, 120)).to_have_class(re.compile("error"))


def test_long_lines_are_wrapped_and_that_is_remembered(open_page, colourful):
    page = opened(open_page, colourful)
    press(page, "w")
    expect(page.locator("[data-act=wrap]")).to_have_attribute("aria-pressed", "true")
    page.reload()
    page.wait_for_selector(".kl.ready.wrap")
    press(page, "End")
    expect(row(page, 301)).to_contain_text("wide word")


def test_colours_are_shown_and_html_is_text(open_page, colourful):
    page = opened(open_page, f"{colourful}#L1")
    expect(row(page, 2).locator(".a-f1")).to_have_text("red")
    expect(row(page, 2).locator(".a-bold.a-f2")).to_have_text("bold green")
    expect(row(page, 3)).to_contain_text("<b id='injected'>bold</b><script>")
    assert page.locator("#injected").count() == 0
    assert "taken" not in page.title()


def test_a_log_of_200_000_lines_opens_and_its_last_line_is_one_key_away(open_page, long):
    page = opened(open_page, long)
    expect(page.locator(".kl-count")).to_contain_text("200,000")
    press(page, "End")
    expect(row(page, 200_000)).to_contain_text("line 200000")
    press(page, "Home")
    expect(row(page, 1)).to_contain_text("line 1")
    # Only what is seen is on the page.
    assert page.locator(".kl-row").count() < 200


def test_without_scripts_the_last_lines_and_the_whole_text_are_there(open_page, colourful):
    page = open_page(colourful, java_script_enabled=False)
    expect(page.locator(".kl-plain")).to_contain_text("line 299")
    page.locator("noscript a, .kl-note a").first.click()
    expect(page.locator("body")).to_contain_text("the first line")
    assert page.locator("#injected").count() == 0


def test_no_line_is_lost_or_doubled_when_the_web_process_was_restarted(kumo, open_page, samples):
    run = kumo.start_run(samples.task(COUNTING))
    kumo.wait_for_run(run, "running")
    page = opened(open_page, run_page(run))
    page.wait_for_selector(".kl-live.on")
    expect(page.locator(".kl-row:not([hidden])").first).to_contain_text("count")
    with page.expect_websocket(lambda socket: "/log" in socket.url):
        kumo.members()["web"].kill()
    page.wait_for_selector(".kl-live.on")
    kumo.ask("POST", f"/runs/{run}/cancel")
    kumo.wait_for_run(run)
    page.wait_for_selector(".kl[data-live='0']")
    printed = kumo.ask("GET", f"/runs/{run}/log?tail=1")["lines"][0]
    total = printed["n"] + 1
    expect(page.locator(".kl-count")).to_contain_text(f"{total:,}")
    press(page, "End")
    expect(row(page, total)).to_contain_text(printed["text"])
    expect(page.locator(".kl-row:not([hidden]) .kl-text:empty")).to_have_count(0)
    shown = page.locator(".kl-row:not([hidden])").all_inner_texts()
    pairs = [re.fullmatch(r"(\d+)\s*count (\d+)", each.strip()) for each in shown]
    assert all(pair and pair[1] == pair[2] for pair in pairs), shown
