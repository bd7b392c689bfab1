"""Reads the text of a `.env` file; nothing in it is replaced or run."""

import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tasks.variables.names import check_name

LARGEST_BYTES = 256 * 1024
ASSIGNMENT = re.compile(r"\s*(?:export\s+)?(?P<key>[^\s=#]+)\s*=\s*")
INLINE_COMMENT = re.compile(r"(?<!\s)\s++#.*")
CLOSING = {
    "'": re.compile(r"[^']*+'"),
    '"': re.compile(r'(?:[^"\\]|\\.)*+"', re.DOTALL),
}
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
    text = text.replace("\r\n", "\n")
    found, mistakes = {}, []
    position, number = 0, 1
    while position < len(text):
        end = line_end(text, position)
        try:
            if assignment := read_key(text[position:end]):
                key, offset = assignment
                found[key], end = read_value(text, position + offset, end)
        except ValidationError as problem:
            mistakes.append(Mistake(number, problem.messages[0]))
        number += text.count("\n", position, end + 1)
        position = end + 1
    return found, mistakes


def line_end(text: str, position: int) -> int:
    end = text.find("\n", position)
    return len(text) if end < 0 else end


def read_key(line: str) -> tuple[str, int] | None:
    """Return the name and where its value begins in the line; None for one that says nothing."""
    if not line.strip() or line.lstrip().startswith("#"):
        return None
    match = ASSIGNMENT.match(line)
    if not match:
        raise ValidationError(_("Write NAME=value."))
    check_name(match["key"])
    return match["key"], match.end()


def read_value(text: str, start: int, end: int) -> tuple[str, int]:
    """Return the value and the end of the line that it ends in; a quoted one may be long."""
    quote = text[start : start + 1]
    if start >= end or quote not in {'"', "'"}:
        return INLINE_COMMENT.sub("", f" {text[start:end]}", count=1).strip(), end
    closed = closing(text, start + 1, quote)
    end = line_end(text, closed)
    rest = text[closed + 1 : end].lstrip()
    if rest and not rest.startswith("#"):
        raise ValidationError(_("Something follows the closing quotation mark."))
    return unescaped(text[start + 1 : closed], quote), end


def closing(text: str, start: int, quote: str) -> int:
    """Return where the quotation that was opened before `start` ends."""
    match = CLOSING[quote].match(text, start)
    if not match:
        raise ValidationError(_("The quotation mark is not closed."))
    return match.end() - 1


def unescaped(body: str, quote: str) -> str:
    if quote == "'":
        return body
    return ESCAPED.sub(lambda match: ESCAPES.get(match[1], match[1]), body)
