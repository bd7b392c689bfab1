"""Words for exit codes and signals."""

import signal

from django.utils.translation import gettext as _


def signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return _("signal %(number)s") % {"number": number}


def explain_signal(number: int) -> str:
    """Return a sentence on a signal that Kumo did not send."""
    name = signal_name(number)
    if number == signal.SIGKILL:
        return _(
            "It was killed from outside (SIGKILL), possibly because the machine was out of memory."
        )
    if number == signal.SIGSEGV:
        return _("It crashed with a memory error (SIGSEGV), most often in a compiled package.")
    if number == signal.SIGABRT:
        return _("It aborted itself (SIGABRT).")
    return _("It was ended from outside by %(signal)s.") % {"signal": name}


def explain_code(code: int) -> str:
    """Return a sentence on an exit code."""
    if code == 126:
        return _("Exit code 126: the command was found but could not be run.")
    if code == 127:
        return _("Exit code 127: a command was not found.")
    if 128 < code < 160:
        return _("Exit code %(code)s, as shells report a process that %(signal)s ended.") % {
            "code": code,
            "signal": signal_name(code - 128),
        }
    return _("Exit code %(code)s.") % {"code": code}
