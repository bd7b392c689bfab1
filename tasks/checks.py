"""What must hold for tasks and triggers beyond each field's own type and bounds."""

from datetime import datetime
from pathlib import PurePosixPath

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from tasks import commands, params
from tasks.statuses import AttemptStatus
from tasks.triggers import BadTrigger, check
from tasks.triggerspecs import spec_of

MOST_TAGS = 20
LONGEST_TAG = 50
MOST_CODES = 50
RETRIED = (AttemptStatus.FAILED, AttemptStatus.TIMED_OUT, AttemptStatus.START_FAILED)


def check_task(task) -> None:
    """Raise ValidationError with sentences by field."""
    found = {
        "command": command_sentence(task.command),
        "workdir": workdir_sentence(task.workdir),
        "tags": tags_sentence(task.tags),
        "params": params.check_declarations(task.params),
        "retry_on": retry_on_sentence(task.retry_on),
        "retry_exit_codes": codes_sentence(task.retry_exit_codes),
        "revision": revision_sentence(task),
    }
    errors = {name: sentence for name, sentence in found.items() if sentence}
    if errors:
        raise ValidationError(errors)


def command_sentence(command: str) -> str:
    if not command:
        # The field itself says that it is empty.
        return ""
    try:
        commands.split(command)
    except ValueError as problem:
        return str(problem)
    return ""


def workdir_sentence(workdir: str) -> str:
    path = PurePosixPath(workdir)
    if "\0" in workdir or "\\" in workdir or path.is_absolute() or ".." in path.parts:
        return _("Write a folder inside the project, without a slash before it and without “..”.")
    return ""


def tags_sentence(tags) -> str:
    is_good = isinstance(tags, list) and len(tags) <= MOST_TAGS and all(map(is_tag, tags))
    if is_good:
        return ""
    return _("Give at most %(most)s tags of at most %(longest)s characters each.") % {
        "most": MOST_TAGS,
        "longest": LONGEST_TAG,
    }


def is_tag(tag) -> bool:
    return (
        isinstance(tag, str)
        and 0 < len(tag) <= LONGEST_TAG
        and tag.isprintable()
        and tag == tag.strip()
        and "," not in tag
    )


def retry_on_sentence(statuses) -> str:
    if isinstance(statuses, list) and all(each in RETRIED for each in statuses):
        return ""
    return _("Choose among %(names)s.") % {"names": ", ".join(RETRIED)}


def codes_sentence(codes) -> str:
    is_good = isinstance(codes, list) and len(codes) <= MOST_CODES and all(map(is_code, codes))
    return "" if is_good else _("Write whole numbers from 0 to 255.")


def is_code(code) -> bool:
    return isinstance(code, int) and not isinstance(code, bool) and 0 <= code <= 255


def revision_sentence(task) -> str:
    if task.revision_id and task.project_id and task.revision.project_id != task.project_id:
        return _("This revision is of another project.")
    return ""


def check_trigger(trigger, now: datetime, is_new: bool) -> None:
    """Raise ValidationError at the field where the trigger makes no sense.

    One that is not new, or is off, may lie in the past: it has fired, or never will.
    """
    if trigger.kind == "after":
        if trigger.upstream_id is None:
            raise ValidationError({"upstream": _("Choose the task that it comes after.")})
        return
    try:
        spec = spec_of(trigger)
        if is_new and spec and trigger.is_enabled:
            check(spec, now)
    except BadTrigger as problem:
        raise ValidationError({problem.field: str(problem)}) from None
