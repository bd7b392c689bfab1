"""Names and values that variables may have."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
LONGEST_NAME = 200
# Linux takes at most 131,072 bytes for one name and its value.
LARGEST_VALUE = 100_000
SHORTEST_SECRET = 4

KUMOS = _("Names that begin with KUMO_ are Kumo's own. Choose another one.")
LOADERS = _("%(name)s changes which programs and libraries are loaded. It cannot be set here.")
SHELLS = _("%(name)s makes shells run other things than they are told. It cannot be set here.")
REFUSED = {
    "PATH": _("PATH is made by Kumo: the environment's own programs come first."),
    "PYTHONUNBUFFERED": _("PYTHONUNBUFFERED is set by Kumo, so that logs are complete."),
    "PYTHONHOME": LOADERS,
    "GLIBC_TUNABLES": LOADERS,
    "GCONV_PATH": LOADERS,
    "LOCPATH": LOADERS,
    "BASH_ENV": SHELLS,
    "ENV": SHELLS,
    "IFS": SHELLS,
    "SHELLOPTS": SHELLS,
    "BASHOPTS": SHELLS,
    "PS4": SHELLS,
}
REFUSED_BEGINNINGS = {"KUMO_": KUMOS, "LD_": LOADERS, "DYLD_": LOADERS}


def check_name(name: str) -> None:
    """Raise ValidationError with a sentence where a variable may not be called this."""
    if not NAME.fullmatch(name):
        raise ValidationError(
            _("Write letters, digits and underscores only; the first is not a digit."),
            code="invalid",
        )
    if len(name) > LONGEST_NAME:
        raise ValidationError(
            _("Write at most %(most)s characters."), code="long", params={"most": LONGEST_NAME}
        )
    if sentence := refusal(name):
        raise ValidationError(sentence, code="refused", params={"name": name})


def refusal(name: str):
    """Return why the name is not to be had, or None."""
    for beginning, sentence in REFUSED_BEGINNINGS.items():
        if name.startswith(beginning):
            return sentence
    return REFUSED.get(name)


def check_value(value: str, is_secret: bool) -> None:
    """Raise ValidationError with a sentence where no variable, or no secret, may be this."""
    if "\0" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
        raise ValidationError(
            _("The value holds characters that an environment cannot."), code="invalid"
        )
    if len(value.encode()) > LARGEST_VALUE:
        raise ValidationError(
            _("The value is too long: at most %(most)s bytes fit."),
            code="long",
            params={"most": LARGEST_VALUE},
        )
    if is_secret and len(value.strip()) < SHORTEST_SECRET:
        raise ValidationError(
            _(
                "A secret needs at least %(least)s characters: a shorter one cannot be hidden "
                "in logs."
            ),
            code="short",
            params={"least": SHORTEST_SECRET},
        )
