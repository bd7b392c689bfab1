"""A small spider of the standard library: follows every link of a site and keeps its quotes."""

import csv
import json
import os
import sys
import time
from html.parser import HTMLParser
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urldefrag, urljoin, urlsplit
from urllib.request import Request, urlopen

GREEN, YELLOW, RED, BLUE, DIM, PLAIN = (f"\033[{code}m" for code in (32, 33, 31, 36, 2, 0))
# Polite to the site, and slow enough for a person to watch.
PAUSE = float(os.environ.get("KUMO_PARAM_PAUSE", "0.4"))
FIELDS = ("text", "author", "tags", "page")


class Page(HTMLParser):
    """Collects the links and the quotes of one page."""

    def __init__(self, url):
        super().__init__()
        self.url = url
        self.links = []
        self.quotes = []
        self._field = None

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "a" and given.get("href"):
            self.links.append(urldefrag(urljoin(self.url, given["href"])).url)
        if given.get("class") == "quote":
            self.quotes.append({"text": "", "author": "", "tags": [], "page": self.url})
        self._field = (
            given.get("class") if given.get("class") in ("text", "author", "tag") else None
        )

    def handle_endtag(self, tag):
        self._field = None

    def handle_data(self, data):
        if not self._field or not self.quotes:
            return
        if self._field == "tag":
            self.quotes[-1]["tags"].append(data.strip())
        else:
            self.quotes[-1][self._field] += data.strip()


def say(colour, word, text):
    print(f"{DIM}{time.strftime('%H:%M:%S')}{PLAIN} {colour}{word:<6}{PLAIN} {text}", flush=True)


def fetch(url):
    """Return the page, or None after saying why there is none."""
    started = time.monotonic()
    try:
        with urlopen(Request(url, headers={"User-Agent": "kumo-demo"}), timeout=10) as answer:
            text = answer.read().decode("utf-8", errors="replace")
    except HTTPError as error:
        say(YELLOW, str(error.code), f"{url} is not there; a link on the site is dead")
        return None
    page = Page(url)
    page.feed(text)
    say(GREEN, "200", f"{url} {DIM}{(time.monotonic() - started) * 1000:.0f} ms{PLAIN}")
    return page


def crawl(start):
    """Yield every quote below `start`, page by page."""
    base = start.rsplit("/", 1)[0] + "/"
    waiting, seen = [start], {start}
    while waiting:
        page = fetch(waiting.pop(0))
        if page:
            for link in page.links:
                if link.startswith(base) and link not in seen:
                    seen.add(link)
                    waiting.append(link)
            yield from page.quotes
        say(BLUE, "queue", f"{len(seen) - len(waiting)} of {len(seen)} pages")
        time.sleep(PAUSE)


def save(quotes, directory):
    """Write quotes as they come to items.jsonl, and all of them to quotes.csv; return how many."""
    rows = []
    with (directory / "items.jsonl").open("w", encoding="utf-8") as lines:
        for quote in quotes:
            lines.write(json.dumps(quote, ensure_ascii=False) + "\n")
            lines.flush()
            rows.append(quote)
            say(PLAIN, "item", f"“{quote['text']}” {DIM}{quote['author']}{PLAIN}")
    # With the mark that spreadsheets need to see UTF-8.
    with (directory / "quotes.csv").open("w", encoding="utf-8-sig", newline="") as table:
        writer = csv.DictWriter(table, FIELDS)
        writer.writeheader()
        writer.writerows({**row, "tags": " ".join(row["tags"])} for row in rows)
    return len(rows)


def main():
    given = sys.argv[1:] or [os.environ.get("KUMO_PARAM_SITE"), os.environ.get("KUMO_DEMO_SITE")]
    site = next(filter(None, given), "")
    if urlsplit(site).scheme not in ("http", "https"):
        say(
            RED,
            "error",
            "Say which site: crawl.py http://host/demo-site/, or the parameter “site”.",
        )
        return 2
    site = site if urlsplit(site).path.endswith((".html", "/")) else f"{site}/"
    directory = Path(os.environ.get("KUMO_OUTPUT_DIR") or ".")
    say(BLUE, "start", site)
    try:
        count = save(crawl(site), directory)
    except URLError as error:
        say(RED, "error", f"{site} cannot be reached: {error.reason}")
        return 1
    say(GREEN if count else RED, "done", f"{count} quotes in items.jsonl and quotes.csv")
    return 0 if count else 1


if __name__ == "__main__":
    sys.exit(main())
