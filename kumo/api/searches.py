"""Searches in logs: bounded for each user, a small step at a time."""

import json
import threading
import weakref
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Annotated

from django.utils.translation import gettext as _
from pydantic import BaseModel, Field

from kumo.api.refusals import Refused, wrong
from runner.logs.pattern import BadPattern, Pattern
from runner.logs.reader import Line, LogReader
from runner.logs.searching import Hit
from tasks.streaming import stream

AT_ONCE = 2
MOST_LINES = 1000


class Asked(BaseModel):
    """`q` is a literal text, or with `regex` an expression of RE2."""

    q: str
    regex: bool = False
    case: bool | None = None
    after: Annotated[int, Field(ge=-1, le=2**62)] = -1
    limit: Annotated[int, Field(ge=1, le=10_000)] = MOST_LINES


class Gate:
    """Lets each user search so many logs at once."""

    def __init__(self, at_once: int):
        self.at_once = at_once
        self.going = Counter()
        self.lock = threading.Lock()

    def enter(self, user) -> "Place":
        with self.lock:
            if self.going[user.pk] >= self.at_once:
                raise Refused(429, _("Wait until your other searches have ended."))
            self.going[user.pk] += 1
        return Place(self, user.pk)


class Place:
    """One user's place in the gate, given back once, however often `leave` is called."""

    def __init__(self, gate: Gate, user_id: int):
        self.gate, self.user_id, self.is_held = gate, user_id, True

    def leave(self) -> None:
        with self.gate.lock:
            if self.is_held:
                self.is_held = False
                self.gate.going[self.user_id] -= 1


gate = Gate(AT_ONCE)


@contextmanager
def entered(user):
    place = gate.enter(user)
    try:
        yield
    finally:
        place.leave()


def pattern(text: str, regex: bool, case: bool | None, field: str) -> Pattern:
    try:
        return Pattern(text, regex=regex, case=case)
    except BadPattern as problem:
        raise wrong({field: [str(problem)]}) from None


def lines(reader: LogReader, window, user, limit: int) -> list[Line]:
    """Return the first lines that match; the search ends when there are `limit`."""
    wanted = pattern(window.search, window.regex, window.case, "search")
    with entered(user):
        found = reader.search(wanted, window.after, limit)
        hits = list(islice((each for each in found if isinstance(each, Hit)), limit))
        found.close()
    return [Line(hit.n, time_of(reader, hit.n), hit.text) for hit in hits]


def time_of(reader: LogReader, n: int) -> int:
    line = reader.lines(n, 1)
    return line[0].t if line else 0


def answer(request, reader: LogReader, asked: Asked):
    """Return the stream of a search; it ends with its request."""
    wanted = pattern(asked.q, asked.regex, asked.case, "q")
    place = gate.enter(request.user)
    found = reader.search(wanted, asked.after, asked.limit)
    response = stream(request, records(found, place), "application/x-ndjson")
    # A body that nobody ever began to read gives its place back, too.
    weakref.finalize(response, place.leave)
    return response


def records(found: Iterator, place: Place) -> Iterator[bytes]:
    """Yield hits and progress as lines of JSON, those of one step together."""
    try:
        step = []
        for each in found:
            step.append(record(each))
            if not isinstance(each, Hit):
                yield "".join(step).encode()
                step = []
    finally:
        found.close()
        place.leave()


def record(each) -> str:
    if isinstance(each, Hit):
        facts = {"n": each.n, "text": each.text}
    elif each.is_done:
        facts = {"done": True, "total": each.hits, "map": each.places}
    else:
        facts = {"progress": each.done / max(each.size, 1), "total": each.hits}
    return json.dumps(facts, ensure_ascii=False) + "\n"
