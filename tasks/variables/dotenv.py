"""Reads the text of a `.env` file; nothing in it is replaced or run."""

import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tasks.variables.names import check_name

LARGEST_BYTES = 256 * 1024
ASSIGNMENT = re.compile(r"\s*(?:export\s+)?(?P<key>[^\s=#]+)\s*=[^\S\n]*(?P<rest>.*)", re.DOTALL)
INLINE_COMMENT = re.compile(r"\s+#.*")
ESCAPED = re.compile(r"\\(.)", re.DOTALL)
ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}


@dataclass(frozen=True)
class Mistake:
    """A line, counted from 1, that cannot be read, and a sentence on why."""

    line: int
    sentence: str


def parse(text: str) -> tuple[dict[str, str], list[Mistake]]:
    """Return the variables of the text, the last of a name winning, and what is wrong with it."""
    if len(text.encode(errors="replace")) > LARGEST_BYTES:
        return {}, [Mistake(1, _("The text is too long."))]
    found, mistakes = {}, []
    lines = text.replace("\r\n", "\n").split("\n")
    position = 0
    while position < len(lines):
        number, line = position + 1, lines[position]
        position += 1
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        try:
            key, rest = assignment(line)
            value, taken = read_value(rest, lines[position:])
        except ValidationError as problem:
            mistakes.append(Mistake(number, problem.messages[0]))
            continue
        position += taken
        found[key] = value
    return found, mistakes


def assignment(line: str) -> tuple[str, str]:
    match = ASSIGNMENT.fullmatch(line)
    if not match:
        raise ValidationError(_("Write NAME=value."))
    check_name(match["key"])
    return match["key"], match["rest"]


def read_value(rest: str, following: list[str]) -> tuple[str, int]:
    """Return the value and how many of the following lines belong to it."""
    quote = rest[:1]
    if quote not in {'"', "'"}:
        return INLINE_COMMENT.sub("", f" {rest}", count=1).strip(), 0
    for taken in range(len(following) + 1):
        body = "\n".join([rest[1:], *following[:taken]])
        if (end := closing(body, quote)) is not None:
            check_rest(body[end + 1 :])
            return unescaped(body[:end], quote), taken
        if len(body) > LARGEST_BYTES:
            break
    raise ValidationError(_("The quotation mark is not closed."))


def closing(body: str, quote: str) -> int | None:
    """Return where the quotation ends, or None when it goes on in the next line."""
    position = 0
    while position < len(body):
        if body[position] == "\\" and quote == '"':
            position += 2
        elif body[position] == quote:
            return position
        else:
            position += 1
    return None


def check_rest(rest: str) -> None:
    if rest.strip() and not rest.lstrip().startswith("#"):
        raise ValidationError(_("Something follows the closing quotation mark."))


def unescaped(body: str, quote: str) -> str:
    if quote == "'":
        return body
    return ESCAPED.sub(lambda match: ESCAPES.get(match[1], match[1]), body)
