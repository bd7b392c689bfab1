"""Calls on the logs of runs and builds."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from django.http import HttpResponse, HttpResponseNotModified
from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import BaseModel, Field

from envs import places
from kumo.api import searches
from kumo.api.access import May
from kumo.api.artifacts import HARMLESS, attempt_of
from kumo.api.builds import builds
from kumo.api.refusals import Refused, find, unknown
from nodes import home
from runner.logs.reader import Facts, LogReader
from tasks.models import Run
from tasks.streaming import stream

MOST_LINES = 5000
USUAL_LINES = 1000
MOST_ERRORS = 2000
LARGEST = 2**62

Number = Annotated[int, Field(ge=0, le=LARGEST)]
Count = Annotated[int, Field(ge=1, le=LARGEST)]


class Line(BaseModel):
    """`n` counts from 0; `t` is milliseconds from the start to when the line began."""

    n: int
    t: int
    text: str


class Lines(BaseModel):
    """`gaps` are [first line, count] that are not kept; `colour` is on where `first` begins."""

    first: int
    lines: list[Line]
    total_lines: int
    total_bytes: int
    dropped_bytes: int
    complete: bool
    gaps: list[tuple[int, int]]
    colour: str


class Meta(BaseModel):
    """`map` marks with "1" which of 300 equal parts of the lines hold an error."""

    lines: int
    bytes: int
    dropped_bytes: int
    gaps: list[tuple[int, int]]
    complete: bool
    errors: int
    error_lines: list[int]
    map: str
    started_at: float | None
    ms: int


class LogWindow(BaseModel):
    """Which lines: from `first` on, the last `tail`, or those that hold `search`."""

    first: Number = 0
    count: Count = USUAL_LINES
    tail: Count | None = None
    search: str | None = None
    regex: bool = False
    case: bool | None = None
    after: Annotated[int, Field(ge=-1, le=LARGEST)] = -1


@dataclass(frozen=True)
class Log:
    """A log that can be read; `name` is unique to it, `is_over` when nothing can come any more."""

    name: str
    directory: Path
    is_over: bool

    @property
    def reader(self) -> LogReader:
        return LogReader(self.directory)


def log_of_run(run_id: int, number: int | None) -> Log:
    run = find(Run.objects.only("status"), run_id, "pk")
    attempt = attempt_of(run, number)
    if attempt is None:
        return Log(f"run-{run.pk}-0", home.attempts() / "none", run.is_terminal)
    if attempt.files_removed_at:
        raise Refused(410, _("The files of this attempt were removed to make room."))
    return Log(f"run-{run.pk}-{attempt.number}", attempt.spool, attempt.is_terminal)


def log_of_build(build_id: int, number: int | None) -> Log:
    build = find(builds(), build_id, "pk")
    return Log(f"build-{build.pk}", places.directory(build), build.status not in build.ACTIVE)


def page(log: Log, facts: Facts, window: LogWindow, user) -> dict:
    reader = log.reader
    if window.search is not None:
        lines = searches.lines(reader, window, user, min(window.count, searches.MOST_LINES))
    elif window.tail is not None:
        lines = reader.tail(min(window.tail, MOST_LINES))
    else:
        lines = reader.lines(window.first, min(window.count, MOST_LINES))
    first = lines[0].n if lines else window.first
    return {
        "first": first,
        "lines": [line._asdict() for line in lines],
        "total_lines": max(facts.lines, lines[-1].n + 1 if lines else 0),
        "total_bytes": facts.total_bytes,
        "dropped_bytes": facts.dropped_bytes,
        "complete": facts.complete or log.is_over,
        "gaps": gaps(reader, facts),
        "colour": reader.colour_at(first),
    }


def gaps(reader: LogReader, facts: Facts) -> list[tuple[int, int]]:
    return [(gap.first, gap.count) for gap in reader.gaps()] if facts.dropped_bytes else []


def meta(log: Log) -> dict:
    reader = log.reader
    facts = reader.facts()
    return {
        "lines": facts.lines,
        "bytes": facts.total_bytes,
        "dropped_bytes": facts.dropped_bytes,
        "gaps": gaps(reader, facts),
        "complete": facts.complete or log.is_over,
        "errors": facts.errors,
        "error_lines": reader.errors(count=MOST_ERRORS),
        "map": reader.error_places(),
        "started_at": facts.started_at,
        "ms": facts.ms,
    }


def tag(log: Log, facts: Facts, query: str) -> str | None:
    """Return the ETag of a part of a finished log, which never changes; None while it grows."""
    return f'"{log.name}-{facts.total_bytes}-{query}"' if facts.complete else None


def calls(find_log: Callable[[int, int | None], Log], permission: str) -> Router:
    """Return the calls on the logs that `find_log` finds by an id and the number of an attempt."""
    router = Router()

    def get(path: str, **options):
        return router.get("/{int:id}/log" + path, auth=May(permission), **options)

    @get("", response=Lines)
    def get_lines(request, id: int, window: Query[LogWindow], attempt: int | None = None):  # noqa: A002
        """Lines as they are shown; parts of a finished log carry an ETag."""
        log = find_log(id, attempt)
        facts = log.reader.facts()
        headers = {"Cache-Control": "private, no-cache"}
        if etag := tag(log, facts, request.META["QUERY_STRING"]):
            headers["ETag"] = etag
            if request.headers.get("If-None-Match") == etag:
                return HttpResponseNotModified(headers=headers)
        # Written here: to check a thousand lines against their schema takes longer than all else.
        text = json.dumps(page(log, facts, window, request.user), ensure_ascii=False)
        return HttpResponse(text, "application/json; charset=utf-8", headers=headers)

    @get("/meta", response=Meta)
    def get_meta(request, id: int, attempt: int | None = None):  # noqa: A002
        """How long the log is, where it has gaps, and where it tells of errors."""
        return meta(find_log(id, attempt))

    @get("/line/{int:n}", response=Line)
    def get_line(request, id: int, n: int, attempt: int | None = None):  # noqa: A002
        """One line at full length."""
        line = find_log(id, attempt).reader.line(min(n, LARGEST))
        if line is None:
            raise unknown(_("line"), n)
        return line._asdict()

    @get("/at", response=dict[str, int])
    def line_at(request, id: int, ms: Query[Number], attempt: int | None = None):  # noqa: A002
        """The first line that began so many milliseconds after the start, or later."""
        return {"n": find_log(id, attempt).reader.at(ms)}

    @get("/errors", response=dict[str, list[int]])
    def error_lines(
        request,
        id: int,  # noqa: A002
        after: Annotated[int, Query(ge=-1, le=LARGEST)] = -1,
        count: Annotated[int, Query(ge=1, le=LARGEST)] = MOST_ERRORS,
        attempt: int | None = None,
    ):
        """The numbers of the lines after `after` that look like errors."""
        reader = find_log(id, attempt).reader
        return {"errors": reader.errors(after, min(count, MOST_ERRORS))}

    @get("/search")
    def search(
        request,
        id: int,  # noqa: A002
        asked: Query[searches.Asked],
        attempt: int | None = None,
    ):
        """Hits line by line as JSON while the log is searched, with the progress between them."""
        return searches.answer(request, find_log(id, attempt).reader, asked)

    @get("/raw")
    def raw(request, id: int, gz: bool = False, attempt: int | None = None):  # noqa: A002
        """The whole log as it was printed, or as a gzip file."""
        log = find_log(id, attempt)
        ending = ".log.gz" if gz else ".log"
        pieces, kind = (
            (log.reader.gz(), "application/gzip")
            if gz
            else (log.reader.raw(), "text/plain; charset=utf-8")
        )
        response = stream(request, pieces, kind)
        response["Content-Disposition"] = f'attachment; filename="{log.name}{ending}"'
        response["Content-Security-Policy"] = HARMLESS
        return response

    return router


of_runs = calls(log_of_run, "tasks.view_run")
of_builds = calls(log_of_build, "envs.view_build")
