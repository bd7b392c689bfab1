"""Calls on tasks."""

import zoneinfo
from typing import Annotated

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Body, Query, Router, Status
from pydantic import BaseModel

from audit.changes import created, differences, editable, values
from audit.recording import record
from kumo.api import triggers
from kumo.api.access import May, run_calls
from kumo.api.paging import Page, Paged, page
from kumo.api.refusals import Refused, find
from kumo.api.runs import RunIn, RunMade, made, started
from kumo.api.taskfields import TaskChange, TaskIn, TaskOut, shown
from kumo.api.taskfilling import fill
from nodes import bells
from tasks import forecast, pausing
from tasks.models import Run, Task
from tasks.queue import enqueue
from tasks.stopping import request_stop

router = Router()


class FireTime(BaseModel):
    at: str
    note: str | None


def tasks():
    return Task.objects.select_related("project", "environment", "revision", "node")


def save(task: Task, groups, wanted) -> None:
    """Save the task with its groups and triggers; call it in a transaction."""
    # Not the whole row: what runs have written there meanwhile stays.
    task.save(update_fields=task.pk and [*editable(Task), "updated_at"])
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
