"""Every page, looked over: what it asks for, its language, whom it shuts out, its width."""

import re
import subprocess

import pytest

from tests.browser.listening import listen
from tests.browser.samples import MARK
from tests.installation import ROOT

pytestmark = pytest.mark.browser
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
TABS = ("log", "details", "environment", "files", "events", "compare")
LABELS = "nav a, h1, h2, h3, th, label, button, legend, dt, summary, .k-button, .addlink"
# Names of things that are the same in every language.
NAMES = """
    kumo git api utc cpu json csv cron python pypi http https url id pid uuid ssh zip gz ctrl
    html yaml webhook sqlite postgresql redis sigint sigterm sigkill mb gb kb admin here esc
    enter shift scrapy ip aa keeper top
"""
# Reads the labels of a page without what is data: names, code, times and numbers. Django's own
# widget of two lists is left out: its Chinese catalogue lacks some of the words.
READ = """labels => {
  const found = [];
  const noLabels = "td, pre, code, dd, .k-mono, .kl-view, body [lang], option, .selector, " +
    "#result_list tbody, #content > h2";
  for (const element of document.querySelectorAll(labels)) {
    if (element.closest(noLabels)) continue;
    const copy = element.cloneNode(true);
    const data = "code, kbd, time, pre, select, option, small, input, svg, [lang], .k-mono";
    for (const each of copy.querySelectorAll(data)) each.remove();
    found.push(copy.textContent.replace(/\\s+/g, " ").trim());
  }
  return found;
}"""


@pytest.fixture(scope="session")
def addresses(kumo, samples, colourful):
    """The addresses of every list, of every form, and of one thing of each kind."""
    session = kumo.sign_in()
    lists = side_bar(session.get(f"{kumo.url}/admin/").text)
    assert len(lists) > 15
    details = [f"{colourful}?tab={tab}" for tab in TABS]
    found = [*lists, *details, "/admin/password_change/"]
    for each in lists:
        text = session.get(f"{kumo.url}{each}").text
        found += re.findall(rf'href="({each}add/)[?"]', text)[:1]
        found += re.findall(rf'href="({each}\d+/change/)[?"]', text)[:1]
    return list(dict.fromkeys(found))


def side_bar(text: str) -> list[str]:
    bar = text[text.index('id="k-side"') :]
    return list(dict.fromkeys(re.findall(r'href="(/admin/[^"?]*)"', bar[: bar.index("</nav>")])))


@pytest.fixture(scope="session")
def axe():
    """The accessibility checker, which comes as the linter of the scripts does."""
    subprocess.run(["make", "--silent", "node_modules/installed"], cwd=ROOT, check=True)
    return (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text()


@pytest.fixture
def four(kumo, colourful, samples):
    """The pages that are looked at most: dashboard, tasks, a run, a project."""
    name = samples.task()
    text = kumo.sign_in().get(f"{kumo.url}/admin/tasks/project/?q={name}").text
    project = re.search(r"/admin/tasks/project/\d+/change/", text)[0]
    return ["/admin/", "/admin/tasks/task/", colourful, project]


def settle(page, path: str) -> None:
    page.goto(path)
    page.wait_for_load_state("load")
    if page.locator("[data-log]").count():
        page.wait_for_selector(".kl.ready")


def test_no_page_breaks_its_own_policy_or_asks_anybody_else(kumo, open_page, addresses):
    page = open_page()
    troubles = listen(page, kumo.url)
    for each in addresses:
        settle(page, each)
    assert troubles == []


def test_no_label_is_left_in_english_on_chinese_pages(open_page, addresses):
    page = open_page(locale="zh-CN")
    left, read = {}, 0
    for each in addresses:
        settle(page, each)
        labels = page.evaluate(READ, LABELS)
        read += len(labels)
        for label in labels:
            if foreign(label):
                left.setdefault(label, each)
    assert read > 20 * len(addresses)
    assert not left, "\n".join(f"{label} ({each})" for label, each in left.items())


def foreign(label: str) -> list[str]:
    """Return the words of a label that are neither Chinese nor names."""
    own = re.sub(rf"{MARK}[\w-]+|r\d+", "", label)
    return [word for word in re.findall(r"[A-Za-z]{2,}", own) if word.lower() not in NAMES.split()]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_main_pages_shut_nobody_out(open_page, four, axe, scheme):
    page = open_page(color_scheme=scheme, reduced_motion="reduce")
    found = []
    for each in four:
        settle(page, each)
        page.evaluate(axe)
        answer = page.evaluate("rules => axe.run({ runOnly: rules })", RULES)
        found += [
            (each, wrong["id"], [node["html"][:120] for node in wrong["nodes"][:3]])
            for wrong in answer["violations"]
        ]
    assert found == []


def test_the_main_pages_fit_a_phone(open_page, four):
    page = open_page(viewport={"width": 390, "height": 844})
    for each in four:
        settle(page, each)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 390, f"{each} is {wide} px wide"
