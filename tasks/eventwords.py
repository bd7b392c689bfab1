"""Sentences for events."""

from django.utils.dateparse import parse_datetime
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from tasks.models import Event
from tasks.statuses import AttemptStatus


def sentence(event: Event) -> str:
    """Return what the event says, in the active language."""
    words = WORDS.get(event.kind)
    return words(event.params) if words else event.kind


def retry(params: dict) -> str:
    at = localtime(parse_datetime(params["next_attempt_at"]))
    return _("Attempt %(attempt)s ended: %(status)s. The next one comes at %(time)s.") % {
        "attempt": params["attempt"],
        "status": AttemptStatus(params["status"]).label,
        "time": f"{at:%Y-%m-%d %H:%M:%S %Z}",
    }


def late_report(params: dict) -> str:
    return _(
        "A late report came for attempt %(attempt)s: %(status)s. The run had ended already, "
        "and stays as it is."
    ) % {"attempt": params["attempt"], "status": AttemptStatus(params["status"]).label}


def breaker(params: dict) -> str:
    return _("%(failed)s runs failed in a row, so the task was paused.") % params


def trigger_off(params: dict) -> str:
    return _("A trigger was switched off: %(problem)s") % params


WORDS = {
    "retry": retry,
    "late_report": late_report,
    "breaker": breaker,
    "trigger_off": trigger_off,
}
