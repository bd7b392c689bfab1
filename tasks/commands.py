"""Splits commands into words as a shell does; no shell ever runs them."""

import shlex

from django.utils.translation import gettext as _


def split(command: str) -> list[str]:
    """Return the words of the command, the program first. Raises ValueError with a sentence."""
    if "\0" in command:
        raise ValueError(_("The command contains a NUL character."))
    try:
        words = shlex.split(command)
    except ValueError:
        raise ValueError(
            _("The command cannot be split into words: close the quotation mark.")
        ) from None
    if not words or not words[0]:
        raise ValueError(_("Write a command, for example: python crawl.py"))
    return words
