"""Which variables a task's runs get, where each comes from, and what it hides."""

from dataclasses import dataclass, field

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tasks.models import Task, Variable
from tasks.variables.storing import value_of

MASK = "••••••"
LEVELS = {
    "global": pgettext_lazy("level of a variable", "global"),
    "project": _("project"),
    "task": _("task"),
}


@dataclass
class Effective:
    """A variable as a run gets it; `value` is a mask where it is secret.

    `level` is global, project or task, `source` its word. `hides` are the words of the levels
    whose variable of the same name loses to this one, the nearest first.
    """

    key: str
    value: str
    is_secret: bool
    level: str
    variable: Variable
    hides: list = field(default_factory=list)

    @property
    def source(self) -> str:
        return LEVELS[self.level]


def level_of(variable: Variable) -> str:
    if variable.task_id:
        return "task"
    return "project" if variable.project_id else "global"


def variables_for(task: Task) -> list[Variable]:
    """Return the variables of all levels that the task has a part in, the nearest last."""
    which = Q(project=None, task=None)
    if task.project_id:
        which |= Q(project=task.project_id)
    if task.pk:
        which |= Q(task=task.pk)
    order = list(LEVELS)
    return sorted(Variable.objects.filter(which), key=lambda each: order.index(level_of(each)))


def effective(task: Task) -> list[Effective]:
    """Return what the task's next run would get, by name; secrets are masked."""
    found: dict[str, Effective] = {}
    for variable in variables_for(task):
        hidden = found.get(variable.key)
        found[variable.key] = Effective(
            key=variable.key,
            value=MASK if variable.is_secret else variable.value,
            is_secret=variable.is_secret,
            level=level_of(variable),
            variable=variable,
            hides=[hidden.source, *hidden.hides] if hidden else [],
        )
    return [found[key] for key in sorted(found)]


def for_run(task: Task) -> tuple[dict[str, str], list[str]]:
    """Return the variables of the task's next run, and those of their values that are secret.

    Raises tasks.sealing.WrongKey with the name of a secret that cannot be read.
    """
    nearest = {variable.key: variable for variable in variables_for(task)}
    values = {key: value_of(variable) for key, variable in nearest.items()}
    return values, [values[key] for key, variable in nearest.items() if variable.is_secret]
