"""Why a run or an attempt ended, in a sentence that says what to do."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tasks import exits

SENTENCES = {
    "stop": gettext_lazy("Stopped by a user."),
    "replaced": gettext_lazy("Stopped for a newer run of the same task."),
    "expired": gettext_lazy("It waited in the queue for longer than the task allows."),
    "timeout": gettext_lazy("It ran longer than the task's timeout and was stopped."),
    "silence": gettext_lazy("It printed nothing for longer than the task allows and was stopped."),
    "overlap": gettext_lazy("Another run of the task was still going."),
    "queue_full": gettext_lazy("As many runs of the task were waiting as may."),
    "misfire": gettext_lazy("Kumo was not running when it was due."),
    "paused": gettext_lazy("The task or its project was paused."),
    "disabled": gettext_lazy("The task was disabled."),
    "maintenance": gettext_lazy("Kumo was in maintenance."),
    "params": gettext_lazy("A parameter that the task needs has no value. Give it a default."),
    "memory_limit": gettext_lazy("It used more memory than the task's limit and was stopped."),
    "no_interpreter": gettext_lazy(
        "The environment's interpreter %(detail)s is gone. Build the environment again."
    ),
    "no_build": gettext_lazy("The environment %(detail)s has no build to use. Build it first."),
    "no_revision": gettext_lazy("The project %(detail)s has no content. Add a revision to it."),
    "no_directory": gettext_lazy(
        "The files of %(detail)s are gone. Add the content again as a new revision."
    ),
    "no_workdir": gettext_lazy(
        "The working directory %(detail)s is not in the revision. Correct it in the task."
    ),
    "no_command": gettext_lazy(
        "The command cannot be started: %(detail)s was not found. Correct it in the task."
    ),
    "no_task": gettext_lazy("The task was deleted before the run could start."),
    "secret_unreadable": gettext_lazy(
        "The secret %(detail)s cannot be read with this key. "
        "Restore the field key or enter it again."
    ),
    "disk_full": gettext_lazy("The disk is full. Free some space; nothing was started."),
    "not_permitted": gettext_lazy("%(detail)s may not be run. Check its permissions."),
    "supervisor_gone": gettext_lazy(
        "Its supervisor was killed, so that nobody knows how it ended. "
        "What was left of it was ended."
    ),
    "never_started": gettext_lazy("The worker died before it could start it."),
    "node_lost": gettext_lazy("Its node has not been heard of for longer than its lease."),
    "restored": gettext_lazy(
        "It was running when the backup was made that Kumo was restored from."
    ),
}


def explain(thing) -> str:
    """Return a sentence on why a run or an attempt ended as it did; empty while there is none."""
    if thing.reason in ("exit", "signal", ""):
        return explain_exit(thing)
    sentence = SENTENCES.get(thing.reason)
    if sentence is None:
        return thing.detail or thing.reason
    return str(sentence) % {"detail": thing.detail}


def explain_exit(thing) -> str:
    if thing.signal:
        return exits.explain_signal(thing.signal)
    if thing.exit_code:
        return exits.explain_code(thing.exit_code)
    return _("It ended by itself, without an error.") if thing.exit_code == 0 else ""
