"""Calls on runs."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal

from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Body, Query, Router, Status
from pydantic import BaseModel, Field

from audit.recording import record
from kumo.api.access import May, run_calls
from kumo.api.paging import Page, Paged, page
from kumo.api.refusals import Refused, find, wrong
from kumo.api.schemas import Flag, Given, Text, Time, Whole
from tasks import waiting
from tasks.models import Attempt, Run
from tasks.queue import QueueFull, WrongParams
from tasks.reasons import explain
from tasks.rerun import TaskGone, run_again
from tasks.stopping import request_stop

router = Router()

STATUSES = Literal[tuple(Run.Status.values)]


class RunIn(Given):
    """The same `idempotency_key` again gives the same run again."""

    params: dict[str, Any] | None = None
    priority: Annotated[Whole, Field(ge=-100, le=100)] | None = None
    idempotency_key: Annotated[Text, Field(min_length=1, max_length=200)] | None = None


class RunMade(BaseModel):
    id: int
    status: str
    reason: str
    url: str


class AttemptOut(BaseModel):
    number: int
    status: str
    reason: str
    explanation: str
    exit_code: int | None
    signal: int | None
    assigned_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    node: str | None
    log_lines: int | None
    log_bytes: int | None


class RunLine(BaseModel):
    id: int
    task: str
    project: str
    status: str
    reason: str
    origin: str
    priority: int
    params: dict[str, Any]
    scheduled_for: datetime | None
    queued_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    duration: float | None
    revision: int | None
    environment_build: int | None
    node: str | None
    trigger: int | None
    exit_code: int | None
    signal: int | None
    peak_rss_bytes: int | None
    cpu_seconds: float | None
    survivors: int | None
    pinned: bool
    rerun_of: int | None
    upstream_run: int | None
    url: str


class WaitingFor(BaseModel):
    """`reason`: retry, maintenance, paused, building, task, project, group, node, soon, ..."""

    reason: str
    about: str
    place: int
    runs: list[int]
    expected_at: datetime | None


class RunOut(RunLine):
    explanation: str
    stop_requested_at: datetime | None
    next_attempt_at: datetime | None
    attempts: list[AttemptOut]
    waiting_for: WaitingFor | None


class RunFilters(BaseModel):
    """`since` and `until` bound when the runs were queued."""

    task: str | None = None
    project: str | None = None
    status: STATUSES | None = None
    since: Time | None = None
    until: Time | None = None


class RunChange(Given):
    pinned: Flag


def runs():
    return Run.objects.select_related("task__project", "revision", "node")


def shown(run: Run) -> dict:
    kept = {name: getattr(run, name, None) for name in RunLine.model_fields}
    return kept | {
        "id": run.pk,
        "task": run.task_slug,
        "project": run.project_slug,
        "revision": run.revision and run.revision.number,
        "environment_build": run.build_id,
        "node": run.node and run.node.slug,
        "trigger": run.trigger_id,
        "pinned": run.is_pinned,
        "rerun_of": run.rerun_of_id,
        "upstream_run": run.upstream_run_id,
        "url": url(run),
    }


def shown_whole(run: Run) -> dict:
    return shown(run) | {
        "explanation": explain(run) if run.is_terminal else "",
        "stop_requested_at": run.stop_requested_at,
        "next_attempt_at": run.next_attempt_at,
        "attempts": [shown_attempt(each) for each in run.attempts.select_related("node")],
        "waiting_for": shown_waiting(waiting.why(run)),
    }


def shown_attempt(attempt: Attempt) -> dict:
    return {name: getattr(attempt, name, None) for name in AttemptOut.model_fields} | {
        "explanation": explain(attempt) if attempt.is_terminal else "",
        "node": attempt.node and attempt.node.slug,
    }


def shown_waiting(found: waiting.Waiting | None) -> dict | None:
    if found is None:
        return None
    kept = {name: getattr(found, name) for name in ("reason", "about", "place", "expected_at")}
    return kept | {"runs": [blocker.pk for blocker in found.blockers]}


def url(run: Run) -> str:
    return f"/api/v1/runs/{run.pk}"


def made(run: Run) -> dict:
    return {"id": run.pk, "status": run.status, "reason": run.reason, "url": url(run)}


def started(request, start: Callable[[dict], Run], data: RunIn) -> Run:
    """Return the run that `start` makes of what was given; what is wrong becomes a refusal."""
    try:
        run = start(data.model_dump() | {"requested_by": request.user})
    except WrongParams as problem:
        raise wrong({f"params.{name}": texts for name, texts in problem.errors.items()}) from None
    except QueueFull as problem:
        text = _("As many runs of this task wait as may: %(limit)s.") % {"limit": problem.limit}
        raise Refused(429, text) from None
    record("run", run)
    return run


def bounded(when: datetime) -> datetime:
    return timezone.make_aware(when) if timezone.is_naive(when) else when


@router.get("", auth=May("tasks.view_run"), response=Page[RunLine])
def list_runs(request, window: Paged, filters: Query[RunFilters]):
    asked = {
        "task_slug": filters.task,
        "project_slug": filters.project,
        "status": filters.status,
        "queued_at__gte": filters.since and bounded(filters.since),
        "queued_at__lte": filters.until and bounded(filters.until),
    }
    rows = runs().filter(**{name: value for name, value in asked.items() if value is not None})
    return page(rows, window, shown)


@router.get("/{int:id}", auth=May("tasks.view_run"), response=RunOut)
def get_run(request, id: int):  # noqa: A002 - the name of the path's part
    return shown_whole(find(runs(), id, "pk"))


@router.patch("/{int:id}", auth=run_calls(), response=RunOut)
def change_run(request, id: int, data: RunChange):  # noqa: A002
    """Pin a run, so that it is kept for ever, or unpin it."""
    run = find(runs(), id, "pk")
    run.is_pinned = data.pinned
    run.save(update_fields=["is_pinned"])
    record("pin" if data.pinned else "unpin", run)
    return shown_whole(run)


@router.post("/{int:id}/cancel", auth=run_calls(), response={202: RunMade})
def cancel_run(request, id: int):  # noqa: A002
    """Stop a run; a second call stops it at once, without grace. 409 when it has ended."""
    run = find(runs(), id, "pk")
    if not request_stop(run):
        raise Refused(409, _("The run has ended."))
    record("stop", run)
    run.refresh_from_db()
    return Status(202, made(run))


@router.post("/{int:id}/rerun", auth=run_calls(), response={202: RunMade})
def rerun(request, id: int, data: Annotated[RunIn, Body()] = RunIn()):  # noqa: A002, B008
    """Run it again, with the same parameters or with those given."""
    run = find(runs(), id, "pk")
    try:
        again = started(request, lambda fields: run_again(run, **fields), data)
    except TaskGone:
        raise Refused(409, _("The task of this run was deleted.")) from None
    return Status(202, made(again))


@router.delete("/{int:id}", auth=May("tasks.delete_run"), response={204: None})
def delete_run(request, id: int):  # noqa: A002
    """Delete a run that has ended, with its attempts; files go with the next cleaning."""
    run = find(runs(), id, "pk")
    if not run.is_terminal:
        raise Refused(409, _("The run has not ended. Stop it first."))
    record("delete", run)
    run.delete()
    return Status(204, None)
