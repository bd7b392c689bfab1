"""Asks a package index for one package and says how long the answer took."""

import time
from dataclasses import dataclass

import requests

from envs.models import PackageIndex
from envs.orders import index_urls

TIMEOUT = 5.0
# Every index that serves installers has it, and its page is small.
ASKED_FOR = "pip"
AGENT = "Kumo"


@dataclass(frozen=True)
class Answer:
    """What an address said: `milliseconds` until the answer's head, `problem` empty when good.

    `problem` is one of: timeout, certificate, unreachable, refused; `status` is 0 without one.
    """

    url: str
    milliseconds: int = 0
    status: int = 0
    problem: str = ""


def measure(index: PackageIndex) -> list[Answer]:
    """Ask each address of the index, at most five, one after the other; never raises."""
    return [ask(url, not index.is_trusted) for url in index_urls(index)[:5]]


def ask(url: str, is_verified: bool = True) -> Answer:
    began = time.monotonic()
    try:
        # Only the head is waited for: `stream` leaves the page itself unread.
        with requests.get(
            f"{url.rstrip('/')}/{ASKED_FOR}/",
            timeout=TIMEOUT,
            verify=is_verified,
            stream=True,
            headers={"User-Agent": AGENT},
        ) as answer:
            status = answer.status_code
    except requests.Timeout:
        return Answer(url, problem="timeout")
    except requests.exceptions.SSLError:
        return Answer(url, problem="certificate")
    except (requests.RequestException, UnicodeError):
        return Answer(url, problem="unreachable")
    milliseconds = round((time.monotonic() - began) * 1000)
    return Answer(url, milliseconds, status, "" if status < 400 else "refused")
