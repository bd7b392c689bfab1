"""Takes over the lines of a pasted `.env` text as variables of one level."""

import re

from django.core.exceptions import ValidationError
from django.db import transaction

from tasks.models import Project, Task, Variable
from tasks.variables import dotenv
from tasks.variables.names import check_value
from tasks.variables.storing import set_variable

# Names whose values are secrets in practice; a person may say otherwise line by line afterwards.
SECRET_NAMES = re.compile(
    r"(PASSWORD|PASSWD|PASS|SECRET|TOKEN|KEY|CREDENTIALS?|COOKIE|AUTH|DSN)(_|$)", re.IGNORECASE
)


def looks_secret(key: str) -> bool:
    return bool(SECRET_NAMES.search(key))


def paste(
    text: str,
    *,
    are_secret: bool = False,
    project: Project | None = None,
    task: Task | None = None,
    user=None,
) -> list[Variable]:
    """Set every variable of the text, or none; return them.

    All become secrets with `are_secret`, else those whose name says so. Raises ValidationError
    with one sentence a line.
    """
    values, mistakes = dotenv.parse(text)
    problems = [f"{mistake.line}: {mistake.sentence}" for mistake in mistakes]
    secret = {key: are_secret or looks_secret(key) for key in values}
    for key, value in values.items():
        try:
            check_value(value, secret[key])
        except ValidationError as problem:
            problems.append(f"{key}: {problem.messages[0]}")
    if problems:
        raise ValidationError(problems)
    level = {"project": project, "task": task}
    with transaction.atomic():
        return [
            set_variable(key, value, is_secret=secret[key], user=user, **level)
            for key, value in values.items()
        ]
