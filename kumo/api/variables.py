"""Calls on variables and secrets; a secret's value is never in any answer."""

from datetime import datetime
from typing import Annotated

from django.utils.translation import gettext as _
from ninja import Query, Router, Status
from pydantic import BaseModel, Field

from audit.recording import record
from kumo.api.access import May
from kumo.api.paging import Page, Paged, page
from kumo.api.refusals import unknown, wrong
from kumo.api.schemas import Flag, Given, Text
from tasks.models import Project, Task, Variable
from tasks.variables import set_variable

router = Router()

KINDS = {"project": Project, "task": Task}
Scope = Annotated[str, Field(description='"global", "project:SLUG" or "task:SLUG"', max_length=80)]


class VariableIn(Given):
    scope: Scope
    key: Text
    value: Text
    secret: Flag = False


class VariableOut(BaseModel):
    """`value` is null for secrets."""

    scope: str
    key: str
    value: str | None
    secret: bool
    updated_at: datetime


def shown(variable: Variable) -> dict:
    owner = variable.project or variable.task
    kind = "project" if variable.project else "task"
    return {
        "scope": f"{kind}:{owner.slug}" if owner else "global",
        "key": variable.key,
        "value": None if variable.is_secret else variable.value,
        "secret": variable.is_secret,
        "updated_at": variable.updated_at,
    }


def level(scope: str) -> dict:
    """Return `project` and `task` of a scope, both None for the global one; raises a 422."""
    kind, colon, slug = scope.partition(":")
    if scope == "global":
        return {"project": None, "task": None}
    if kind not in KINDS or not colon:
        raise wrong({"scope": [_("Write global, project:NAME or task:NAME.")]})
    owner = KINDS[kind].objects.filter(slug=slug).first()
    if owner is None:
        name = KINDS[kind]._meta.verbose_name
        sentence = _("There is no %(kind)s “%(name)s”.") % {"kind": name, "name": slug}
        raise wrong({"scope": [sentence]})
    return {"project": None, "task": None} | {kind: owner}


def variables():
    return Variable.objects.select_related("project", "task")


@router.get("", auth=May("tasks.view_variable"), response=Page[VariableOut])
def list_variables(request, window: Paged, scope: Scope | None = None):
    rows = variables()
    return page(rows if scope is None else rows.filter(**level(scope)), window, shown)


@router.put("", auth=May("tasks.change_variable"), response=VariableOut)
def put_variable(request, data: VariableIn):
    """Set a variable, whether it is there or not."""
    return shown(
        set_variable(
            data.key,
            data.value,
            is_secret=data.secret,
            user=request.user,
            **level(data.scope),
        )
    )


@router.delete("", auth=May("tasks.delete_variable"), response={204: None})
def delete_variable(request, scope: Query[Scope], key: Query[Text]):
    variable = variables().filter(key=key, **level(scope)).first()
    if variable is None:
        raise unknown(Variable._meta.verbose_name, key)
    record("delete", variable, {"scope": scope})
    variable.delete()
    return Status(204, None)
