"""Checks what an environment asks for before anything is built."""

import re
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from envs import condaspec, requirements
from envs.models import Environment, PackageIndex

VERSION = re.compile(r"3(\.\d{1,2}){0,2}")
SENTENCES = {
    "too_long": gettext_lazy("The text is too long: at most %(detail)s bytes."),
    "control": gettext_lazy("There are characters in it that cannot be read: %(detail)s"),
    "variable": gettext_lazy("Variables are not filled in here: %(detail)s"),
    "option": gettext_lazy("The option %(detail)s cannot be used here."),
    "include": gettext_lazy("The file %(detail)s is not here. Write its lines instead."),
    "path": gettext_lazy("A package cannot be taken from a path: %(detail)s"),
    "url": gettext_lazy("This address cannot be used: %(detail)s. Write it as `name @ https://…`."),
    "url_password": gettext_lazy("An address with a user or a password is not kept: %(detail)s"),
    "hash": gettext_lazy("This is not a hash: %(detail)s"),
    "invalid": gettext_lazy("This is not a requirement: %(detail)s"),
}


CONDA = {
    "yaml": gettext_lazy("This environment.yml cannot be read: %(detail)s"),
    "channel": gettext_lazy("This is not a channel: %(detail)s"),
    "invalid": gettext_lazy("This is not a package of conda: %(detail)s"),
    "too_many": gettext_lazy("There are more than %(detail)s packages."),
}


def check_environment(environment: Environment) -> None:
    """Raise ValidationError with sentences by field where the environment cannot be built."""
    errors = {}
    if environment.kind == Environment.Kind.SYSTEM:
        if environment.requirements.strip():
            errors["requirements"] = [
                _("An interpreter of the machine is used as it is: nothing is installed into it.")
            ]
    elif environment.kind == Environment.Kind.CONDA:
        if problems := conda_sentences(environment.requirements):
            errors["requirements"] = problems
    elif problems := requirement_sentences(environment.requirements):
        errors["requirements"] = problems
    if problem := python_sentence(environment):
        errors["python"] = [problem]
    if errors:
        raise ValidationError(errors)


def requirement_sentences(text: str) -> list[str]:
    """Return a sentence for every line that cannot be used, with its number."""
    return [
        _("Line %(line)s: %(sentence)s")
        % {
            "line": problem.line,
            "sentence": str(SENTENCES[problem.code]) % {"detail": problem.detail},
        }
        for problem in requirements.check(text)
    ]


def conda_sentences(text: str) -> list[str]:
    """Return a sentence for everything in a conda specification that cannot be used."""
    spec = condaspec.parse(text)
    found = [str(CONDA[each.code]) % {"detail": each.detail} for each in spec.problems]
    return found + requirement_sentences("\n".join(spec.pip))


def python_sentence(environment: Environment) -> str:
    python = environment.python
    if python.startswith("/") and environment.kind == Environment.Kind.CONDA:
        return _("Write a version such as 3.11.")
    if python.startswith("/"):
        if any(ord(letter) < 32 for letter in python) or ".." in python.split("/"):
            return _("Write the whole path of an interpreter.")
        return ""
    if environment.kind == Environment.Kind.SYSTEM:
        return _("Write the whole path of an interpreter.") if python else ""
    if python and not VERSION.fullmatch(python):
        return _("Write a version such as 3.11, or the whole path of an interpreter.")
    return ""


def check_index(index: PackageIndex) -> None:
    """Raise ValidationError with sentences by field where an address cannot be used."""
    errors = {}
    if problem := address_sentence(index.url):
        errors["url"] = [problem]
    lines = [line.strip() for line in index.extra_urls.splitlines() if line.strip()]
    found = [sentence for line in lines if (sentence := address_sentence(line))]
    if found:
        errors["extra_urls"] = found
    if errors:
        raise ValidationError(errors)


def address_sentence(url: str) -> str:
    try:
        parts = urlsplit(url)
        is_good = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_good = False
    if not is_good or any(letter.isspace() for letter in url):
        return _("Write an address that begins with https:// or http://.")
    if "@" in parts.netloc:
        return _("An address with a user or a password is not kept: anyone could read it here.")
    return ""
