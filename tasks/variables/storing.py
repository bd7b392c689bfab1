"""Writes variables down, the secret ones sealed for their row."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.recording import record
from tasks import sealing
from tasks.models import Project, Task, Variable
from tasks.variables.names import check_name, check_value


def identity(variable: Variable) -> str:
    """Return what a secret is bound to: neither row, name nor level can be exchanged for others."""
    return f"variable {variable.pk} {variable.project_id} {variable.task_id} {variable.key}"


def value_of(variable: Variable) -> str:
    """Return the value in clear; raises WrongKey with the variable's name."""
    if not variable.is_secret:
        return variable.value
    try:
        return sealing.unseal(variable.sealed, identity(variable))
    except sealing.WrongKey:
        raise sealing.WrongKey(variable.key) from None


def is_readable(variable: Variable) -> bool:
    try:
        value_of(variable)
    except sealing.WrongKey:
        return False
    return True


def check(key: str, value: str, is_secret: bool) -> None:
    """Raise ValidationError with sentences by field, `key` and `value`."""
    errors = {}
    for name, checked in (
        ("key", lambda: check_name(key)),
        ("value", lambda: check_value(value, is_secret)),
    ):
        try:
            checked()
        except ValidationError as problem:
            errors[name] = problem
    if errors:
        raise ValidationError(errors)


def set_variable(
    key: str,
    value: str,
    *,
    is_secret: bool = False,
    project: Project | None = None,
    task: Task | None = None,
    user=None,
) -> Variable:
    """Set a variable of this level, new or not, and note it in the audit log without any value.

    Raises ValidationError with sentences by field.
    """
    if project and task:
        raise ValidationError(_("A variable belongs to a project or to a task, not to both."))
    check(key, value, is_secret)
    with transaction.atomic():
        rows = Variable.objects.select_for_update()
        variable = rows.filter(project=project, task=task, key=key).first()
        changes = describe(variable, value, is_secret)
        action = "change" if variable else "create"
        variable = variable or Variable(project=project, task=task, key=key)
        write(variable, value, is_secret)
        record(action, variable, changes, user=user)
    return variable


def write(variable: Variable, value: str, is_secret: bool) -> None:
    """Save the variable with this value, already checked; a new row is there before its seal."""
    variable.is_secret = is_secret
    variable.value = "" if is_secret else value
    variable.sealed = None
    with transaction.atomic():
        if is_secret:
            if variable.pk is None:
                variable.save()
            variable.sealed = sealing.seal(value, identity(variable))
        variable.save()


def describe(variable: Variable | None, value: str, is_secret: bool) -> dict:
    """Return the changes for the audit log: a secret is only ever "set" or "changed"."""
    was_secret = bool(variable and variable.is_secret)
    if not is_secret and not was_secret:
        return {"value": [variable.value if variable else "", value]}
    changes = {"value": ["", "set"] if variable is None else ["set", "changed"]}
    if variable and was_secret != is_secret:
        changes["is_secret"] = [was_secret, is_secret]
    return changes


def reseal(variable_id: int) -> bool:
    """Seal a secret with the current key; return False where there was nothing to do.

    Raises WrongKey with the variable's name.
    """
    with transaction.atomic():
        rows = Variable.objects.select_for_update()
        variable = rows.filter(pk=variable_id, is_secret=True).first()
        if variable is None or sealing.is_current(variable.sealed):
            return False
        sealed = sealing.seal(value_of(variable), identity(variable))
        return bool(Variable.objects.filter(pk=variable.pk).update(sealed=sealed))
