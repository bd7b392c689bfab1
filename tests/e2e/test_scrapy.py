"""A real crawl: Kumo builds a Python with Scrapy and runs a CrawlSpider of a local site."""

import json

from tests.e2e import site

SETTINGS = """
import os

FEEDS = {os.environ["KUMO_OUTPUT_DIR"] + "/pages.jsonl": {"format": "jsonlines"}}
BOT_NAME = "local"
SPIDER_MODULES = ["local.spiders"]
ROBOTSTXT_OBEY = False
TELNETCONSOLE_ENABLED = False
LOG_LEVEL = "INFO"
"""
SPIDER = """
import os
import scrapy
from scrapy.linkextractors import LinkExtractor
from scrapy.spiders import CrawlSpider, Rule


class Pages(CrawlSpider):
    name = "pages"
    start_urls = [os.environ["KUMO_PARAM_SITE"]]
    rules = [Rule(LinkExtractor(), callback="parse_item", follow=True)]

    def parse_start_url(self, response):
        return self.parse_item(response)

    def parse_item(self, response):
        yield {"url": response.url, "title": response.css("title::text").get()}
"""
FILES = {
    "scrapy.cfg": "[settings]\ndefault = local.settings\n",
    "local/__init__.py": "",
    "local/settings.py": SETTINGS,
    "local/spiders/__init__.py": "",
    "local/spiders/pages.py": SPIDER,
}
# The packages come from the index that this machine has, perhaps over a slow line.
BUILD_PATIENCE = 280.0


def test_a_scrapy_project_crawls_a_site_in_an_environment_of_its_own(installation):
    installation.make_environment("scrapy", kind="venv", python="", requirements="scrapy>=2.11\n")
    built = installation.ask("GET", "/environments/scrapy")
    assert "scrapy" in {each["name"].lower() for each in built["packages"]}
    with site.served() as address:
        installation.make_task(
            "pages",
            FILES,
            "scrapy crawl pages",
            environment="scrapy",
            stop_signal="INT",
            params=[{"name": "site", "type": "text", "default": address}],
        )
        run = installation.wait_for_run(installation.start_run("pages"), "succeeded")
    answer = installation.call("GET", f"/runs/{run['id']}/artifacts/pages.jsonl")
    items = [json.loads(line) for line in answer.text.splitlines()]
    assert len(items) == site.PAGES
    assert "第 7 页" in {item["title"] for item in items}
    log = "\n".join(installation.lines(run["id"]))
    assert f"'item_scraped_count': {site.PAGES}" in log
    assert "response_status_count/404': 1" in log
