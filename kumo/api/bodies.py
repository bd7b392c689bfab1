"""Reads requests' bodies more strictly than Python's JSON does."""

import json

from django.utils.translation import gettext as _
from ninja.parser import Parser

from kumo.api.refusals import Refused

LARGEST = 2**63 - 1
DEEPEST = 30


class StrictParser(Parser):
    """Refuses NaN, numbers beyond 64 bits, NUL and broken characters, and deep nesting."""

    def parse_body(self, request):
        try:
            body = json.loads(request.body.decode(), parse_constant=refuse, parse_float=real)
        except (ValueError, RecursionError):
            raise Refused(400, _("The body is not JSON.")) from None
        check(body)
        return body


def refuse(name: str):
    raise ValueError(name)


def real(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise ValueError(text)
    return value


def check(value, depth: int = 0) -> None:
    if depth > DEEPEST:
        raise Refused(400, _("The body is nested too deeply."))
    if isinstance(value, dict):
        for key, each in value.items():
            check(key)
            check(each, depth + 1)
    elif isinstance(value, list):
        for each in value:
            check(each, depth + 1)
    elif isinstance(value, str) and not is_text(value):
        raise Refused(400, _("The body contains characters that are no text."))
    elif isinstance(value, int) and not -LARGEST <= value <= LARGEST:
        raise Refused(400, _("The body contains a number beyond 64 bits."))


def is_text(value: str) -> bool:
    return "\0" not in value and not any("\ud800" <= letter <= "\udfff" for letter in value)
