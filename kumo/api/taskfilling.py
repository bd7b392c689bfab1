"""Puts what was given into a task, and checks the whole."""

import shlex

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from envs.models import Environment
from kumo.api import triggers
from kumo.api.refusals import by_field, wrong
from kumo.api.taskfields import TaskFields
from nodes.models import Node
from tasks.models import ConcurrencyGroup, Project, Task

RELATED = {"project": Project, "environment": Environment, "node": Node}


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
    except ValidationError as problem:
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
