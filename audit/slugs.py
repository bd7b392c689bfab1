"""The field of the names that addresses, commands and files are made of."""

import re

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

SLUG = r"[a-z0-9][a-z0-9_-]{0,63}"
check_slug = RegexValidator(
    re.compile(rf"^{SLUG}\Z"),
    _(
        "Write 1 to 64 small letters, digits, hyphens or underscores; "
        "the first is a letter or a digit."
    ),
)


class SlugField(models.CharField):
    """A unique name of `[a-z0-9][a-z0-9_-]{0,63}`."""

    def __init__(self, **options):
        options.setdefault("verbose_name", _("name"))
        options.setdefault("max_length", 64)
        options.setdefault("unique", True)
        options.setdefault("validators", [check_slug])
        options.setdefault(
            "help_text", _("Small letters, digits, - and _. Used in addresses and commands.")
        )
        super().__init__(**options)
