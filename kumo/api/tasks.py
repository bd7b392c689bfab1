"""Calls on tasks."""

import shlex
import zoneinfo
from datetime import datetime
from typing import Annotated, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Body, Query, Router, Status
from pydantic import BaseModel, Field

from audit.changes import created, differences, values
from audit.recording import record
from envs.models import Environment
from kumo.api import triggers
from kumo.api.access import May, run_calls
from kumo.api.paging import Page, Paged, page
from kumo.api.refusals import Refused, by_field, find, wrong
from kumo.api.runs import RunIn, RunMade, made, started
from kumo.api.schemas import Flag, Given, Number, Slug, Text, Whole
from kumo.api.triggers import TriggerIn, TriggerOut
from nodes import bells
from nodes.models import Node
from tasks import forecast, pausing
from tasks.models import ConcurrencyGroup, Project, Run, Task
from tasks.queue import enqueue
from tasks.stopping import request_stop

router = Router()

RELATED = {"project": Project, "environment": Environment, "node": Node}


class TaskFields(Given):
    title: Text = None
    description: Text = None
    tags: list[Text] = None
    workdir: Text = None
    params: list[dict[str, Any]] = None
    revision: Whole | None = None
    node: Slug | None = None
    groups: list[Slug] = None
    retry_count: Whole = None
    retry_delay: Number = None
    retry_backoff: Number = None
    retry_cap: Number = None
    retry_jitter: Number = None
    retry_on: list[Text] = None
    retry_exit_codes: list[Whole] = None
    repeat_lost: Flag = None
    timeout: Number = None
    silence_timeout: Number = None
    queue_timeout: Number = None
    stop_signal: Text = None
    grace: Number = None
    log_limit_mb: Whole = None
    memory_limit_mb: Whole = None
    priority: Whole = None
    overlap: Text = None
    max_parallel: Whole = None
    queue_limit: Whole = None
    misfire: Text = None
    misfire_grace: Number = None
    breaker_limit: Whole = None
    enabled: Flag = None
    triggers: list[TriggerIn] = Field(None, max_length=100)


class TaskIn(TaskFields):
    slug: Slug
    project: Slug
    environment: Slug
    command: Text | list[Text]


class TaskChange(TaskFields):
    project: Slug = None
    environment: Slug = None
    command: Text | list[Text] = None


# Shown as the model has them.
PLAIN = [
    name
    for name in TaskFields.model_fields
    if name not in {"revision", "node", "groups", "enabled", "triggers"}
]


class TaskOut(BaseModel):
    slug: str
    project: str
    environment: str
    command: str
    title: str
    description: str
    tags: list
    workdir: str
    params: list
    revision: int | None
    node: str | None
    groups: list[str]
    retry_count: int
    retry_delay: float
    retry_backoff: float
    retry_cap: float
    retry_jitter: float
    retry_on: list
    retry_exit_codes: list
    repeat_lost: bool
    timeout: float
    silence_timeout: float
    queue_timeout: float
    stop_signal: str
    grace: float
    log_limit_mb: int
    memory_limit_mb: int
    priority: int
    overlap: str
    max_parallel: int
    queue_limit: int
    misfire: str
    misfire_grace: float
    breaker_limit: int
    enabled: bool
    paused_at: datetime | None
    pause_reason: str
    triggers: list[TriggerOut]
    created_at: datetime
    updated_at: datetime


class FireTime(BaseModel):
    at: str
    note: str | None


def tasks():
    return Task.objects.select_related("project", "environment", "revision", "node")


def shown(task: Task) -> dict:
    kept = {name: getattr(task, name) for name in PLAIN}
    times = {name: getattr(task, name) for name in ("paused_at", "created_at", "updated_at")}
    return kept | times | {
        "slug": task.slug,
        "command": task.command,
        "project": task.project.slug,
        "environment": task.environment.slug,
        "revision": task.revision and task.revision.number,
        "node": task.node and task.node.slug,
        "groups": [group.slug for group in task.groups.all()],
        "enabled": task.is_enabled,
        "pause_reason": task.pause_reason,
        "triggers": [triggers.shown(each) for each in task.triggers.select_related("upstream")],
    }  # fmt: skip


def fill(task: Task, data: TaskFields) -> tuple[list | None, list | None]:
    """Set what was given and check the whole; return groups and triggers, None where not given.

    Raises a 422 with everything that is wrong.
    """
    given = data.model_dump(exclude_unset=True)
    given.pop("triggers", None)
    wanted, errors = given.pop("groups", None), {}
    for name in RELATED.keys() & given.keys():
        errors |= relate(task, name, given.pop(name))
    if "revision" in given:
        errors |= fix_revision(task, given.pop("revision"))
    if isinstance(given.get("command"), list):
        given["command"] = shlex.join(given["command"])
    task.is_enabled = given.pop("enabled", task.is_enabled)
    for name, value in given.items():
        setattr(task, name, value)
    groups = None
    if wanted is not None:
        groups, missing = find_groups(wanted)
        errors |= missing
    made = None
    if data.triggers is not None:
        made, problems = triggers.made(task, data.triggers)
        errors |= problems
    check(task, errors)
    return groups, made


def check(task: Task, errors: dict) -> None:
    try:
        task.full_clean(exclude=set(errors))
    except triggers.ValidationError as problem:
        errors = by_field(problem) | errors
    if errors:
        raise wrong(errors)


def relate(task: Task, name: str, slug: str | None) -> dict:
    found = RELATED[name].objects.filter(slug=slug).first()
    if slug is not None and found is None:
        return {name: [missing(RELATED[name], slug)]}
    setattr(task, name, found)
    return {}


def missing(model, slug: str) -> str:
    return _("There is no %(kind)s “%(name)s”.") % {
        "kind": model._meta.verbose_name,
        "name": slug,
    }


def fix_revision(task: Task, number: int | None) -> dict:
    task.revision = None
    if number is not None and task.project_id:
        task.revision = task.project.revisions.filter(number=number).first()
    if number is not None and task.revision is None:
        return {"revision": [_("The project has no such revision.")]}
    return {}


def find_groups(slugs: list[str]) -> tuple[list, dict]:
    found = {group.slug: group for group in ConcurrencyGroup.objects.filter(slug__in=slugs)}
    unknown = [missing(ConcurrencyGroup, slug) for slug in slugs if slug not in found]
    return [*found.values()], {"groups": unknown} if unknown else {}


def save(task: Task, groups, wanted) -> None:
    """Save the task with its groups and triggers; call it in a transaction."""
    task.save()
    if groups is not None:
        task.groups.set(groups)
    if wanted is not None:
        triggers.replace(task, wanted)
    bells.ring_on_commit("clock")


@router.get("", auth=May("tasks.view_task"), response=Page[TaskOut])
def list_tasks(request, window: Paged, project: str | None = None, tag: str | None = None):
    rows = tasks().prefetch_related("groups")
    if project is not None:
        rows = rows.filter(project__slug=project)
    if tag is not None:
        # SQLite cannot look into lists; there are some hundreds of tasks, not millions.
        tagged = [pk for pk, tags in Task.objects.values_list("pk", "tags") if tag in tags]
        rows = rows.filter(pk__in=tagged)
    return page(rows, window, shown)


@router.post("", auth=May("tasks.add_task"), response={201: TaskOut})
def make_task(request, data: TaskIn):
    task = Task()
    groups, wanted = fill(task, data)
    with transaction.atomic():
        save(task, groups, wanted)
        record("create", task, created(task) | trigger_changes([], task))
    return Status(201, shown(task))


@router.get("/{slug:slug}", auth=May("tasks.view_task"), response=TaskOut)
def get_task(request, slug: str):
    return shown(find(tasks(), slug))


@router.patch("/{slug:slug}", auth=May("tasks.change_task"), response=TaskOut)
def change_task(request, slug: str, data: TaskChange):
    """Change what is given; `triggers` and `groups` replace the ones that were there."""
    task = find(tasks(), slug)
    before, old = values(task), written(task)
    groups, wanted = fill(task, data)
    with transaction.atomic():
        save(task, groups, wanted)
        record("change", task, differences(before, values(task)) | trigger_changes(old, task))
    return shown(find(tasks(), slug))


def written(task: Task) -> list[str]:
    return [f"{each.kind} {each.cron or each.every or each.at or ''}" for each in
            task.triggers.all()]  # fmt: skip


def trigger_changes(before: list[str], task: Task) -> dict:
    after = written(task)
    return {} if before == after else {"triggers": [before, after]}


@router.delete("/{slug:slug}", auth=May("tasks.delete_task"), response={204: None})
def delete_task(request, slug: str):
    """Delete a task; what it runs is stopped, its history stays."""
    task = find(tasks(), slug)
    for run in task.runs.active():
        request_stop(run)
    with transaction.atomic():
        record("delete", task, {name: [each, None] for name, each in values(task).items() if each})
        task.delete()
    return Status(204, None)


@router.get("/{slug:slug}/fires", auth=May("tasks.view_task"), response=list[FireTime])
def next_fires(request, slug: str, count: Annotated[int, Query(ge=1, le=500)] = 10):
    """The next fire times, each with its offset; `note` says what daylight saving changes."""
    enabled = find(tasks(), slug).triggers.filter(is_enabled=True)
    found = forecast.next_fires(enabled, timezone.now(), count)
    return [
        {"at": at.astimezone(zoneinfo.ZoneInfo(trigger.time_zone)).isoformat(), "note": note}
        for at, trigger, note in found
    ]


@router.post("/{slug:slug}/runs", auth=run_calls(), response={202: RunMade})
def run_task(request, slug: str, data: Annotated[RunIn, Body()] = RunIn()):  # noqa: B008
    """Put a run into the queue; the task's overlap policy holds for it too."""
    task = find(tasks(), slug)
    run = started(request, lambda fields: enqueue(task, Run.Origin.API, **fields), data)
    return Status(202, made(run))


@router.post("/{slug:slug}/pause", auth=run_calls(), response=TaskOut)
def pause_task(request, slug: str):
    """Fires are recorded as skipped until the task is resumed; runs by hand go on."""
    return switched(slug, pausing.pause, "pause")


@router.post("/{slug:slug}/resume", auth=run_calls(), response=TaskOut)
def resume_task(request, slug: str):
    return switched(slug, pausing.resume, "resume")


def switched(slug: str, switch, action: str) -> dict:
    task = find(tasks(), slug)
    if not switch(task):
        raise Refused(409, _("It is so already."))
    record(action, task)
    return shown(find(tasks(), slug))
