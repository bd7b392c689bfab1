"""Well-known mirrors that a user may choose from; none is used unasked."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class Mirror:
    slug: str
    title: str
    url: str


@cache
def mirrors() -> list[Mirror]:
    text = Path(__file__).with_name("mirrors.json").read_text(encoding="utf-8")
    return [Mirror(**each) for each in json.loads(text)]
