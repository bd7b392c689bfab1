"""Turns values into what an audit entry keeps: plain JSON, bounded, without passwords."""

import re
from collections.abc import Iterable, Mapping
from datetime import date

from django.db import models

LONGEST = 2000
MOST = 200
HIDDEN = "•••"
# What these fields hold is nobody's business, not even whether two values are the same.
SECRET_FIELDS = frozenset({"password", "digest", "sealed", "token", "secret"})
USER_OF_URL = re.compile(r"(?<=://)[^/\s@]+@")
SAFE_WHOLE = 2**53


def plain(value):
    """Return `value` as JSON has it: text cut to a bound, addresses without their passwords."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return number(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes | bytearray | memoryview):
        return HIDDEN
    if isinstance(value, Mapping):
        return {plain(str(key)): hidden(key, each) for key, each in [*value.items()][:MOST]}
    if isinstance(value, str):
        return text(value)
    if isinstance(value, Iterable) and not isinstance(value, models.Model):
        return [plain(each) for each in [*value][:MOST]]
    return text(str(value))


def hidden(key, value):
    if str(key).lower() not in SECRET_FIELDS:
        return plain(value)
    return [each and HIDDEN for each in value] if isinstance(value, list | tuple) else HIDDEN


def number(value: int | float):
    """Return a number that comes back from every database as it went in, else its text."""
    if abs(value) < SAFE_WHOLE:
        return int(value) if value == int(value) else value
    return str(value)


def text(value: str) -> str:
    # PostgreSQL keeps no NUL, and no half of a surrogate pair.
    value = value.replace("\0", "").encode("utf-8", "replace").decode()
    value = USER_OF_URL.sub(f"{HIDDEN}@", value)
    return value if len(value) <= LONGEST else f"{value[:LONGEST]}…"
