"""What the API takes and gives of a task."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from kumo.api import triggers
from kumo.api.schemas import Flag, Given, Number, Slug, Text, Whole
from kumo.api.triggers import TriggerIn, TriggerOut
from tasks.models import Task


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
