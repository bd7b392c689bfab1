"""The parameters that a task declares, and the values that a run is given for them."""

import math
import re

from django.utils.translation import gettext as _

TYPES = ("text", "integer", "number", "boolean", "choice")
KNOWN = {"name", "type", "default", "choices", "required", "title"}
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,62}\Z")
MOST, MOST_CHOICES, LONGEST = 50, 200, 10_000
SAFE_INTEGER = 2**63


def check_declarations(declared) -> list[str]:
    """Return a sentence for everything that is wrong with a task's declarations."""
    if not isinstance(declared, list) or len(declared) > MOST:
        return [_("Give a list of at most %(most)s parameters.") % {"most": MOST}]
    found = [
        _("Parameter %(place)s: %(sentence)s") % {"place": place, "sentence": sentence}
        for place, each in enumerate(declared, 1)
        if (sentence := wrong_declaration(each))
    ]
    return found or repeated(declared)


def repeated(declared: list) -> list[str]:
    # Variables of an environment are told apart without regard to how the name is written.
    names = [each["name"].upper() for each in declared]
    twice = sorted({name for name in names if names.count(name) > 1})
    return [_("%(name)s is declared twice.") % {"name": name} for name in twice]


def wrong_declaration(each) -> str:
    if not isinstance(each, dict):
        return _("this is not an object.")
    if unknown := sorted(map(str, each.keys() - KNOWN)):
        return _("there is no such key: %(names)s.") % {"names": ", ".join(unknown)}
    if not isinstance(each.get("name"), str) or not NAME.match(each["name"]):
        return _("a name has letters, digits and underscores, and begins with a letter.")
    if each.get("type", "text") not in TYPES:
        return _("the type is one of %(types)s.") % {"types": ", ".join(TYPES)}
    if not isinstance(each.get("required", False), bool):
        return _("“required” is true or false.")
    if not is_text(each.get("title", "")):
        return _("the title is a text.")
    return wrong_choices(each) or wrong_default(each)


def wrong_choices(each: dict) -> str:
    choices = each.get("choices", [])
    if each.get("type") != "choice":
        return _("only a choice has choices.") if choices else ""
    is_good = isinstance(choices, list) and 0 < len(choices) <= MOST_CHOICES
    if not is_good or not all(map(is_text, choices)) or len(set(choices)) < len(choices):
        return _("give a list of different texts as choices.")
    return ""


def wrong_default(each: dict) -> str:
    if each.get("default") is None:
        return ""
    _value, problem = read(each, each["default"])
    return _("the default does not fit: %(problem)s") % {"problem": problem} if problem else ""


def is_text(value) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST and "\0" not in value


def check_values(declared: list, given: dict) -> tuple[dict, dict]:
    """Return the values by name, defaults filled in, and the errors `{name: [sentence]}`.

    Texts are read as what is declared, so that forms and commands may give `"5"` for a number.
    """
    if not isinstance(given, dict):
        return {}, {"params": [_("Give an object of names and values.")]}
    by_name = {each["name"]: each for each in declared}
    errors = {
        str(name): [_("The task declares no such parameter.")]
        for name in given
        if name not in by_name
    }
    values = {}
    for name, each in by_name.items():
        value = given.get(name)
        if value is None:
            value = each.get("default")
        if value is None or (value == "" and each.get("required")):
            if each.get("required"):
                errors[name] = [_("This is needed.")]
            continue
        values[name], problem = read(each, value)
        if problem:
            errors[name] = [problem]
    return values, errors


def read(declared: dict, value) -> tuple[object, str]:
    """Return the value as what is declared, and a sentence when it cannot be."""
    reader = {
        "text": read_text,
        "integer": read_integer,
        "number": read_number,
        "boolean": read_boolean,
    }.get(declared.get("type", "text"))
    return reader(value) if reader else read_choice(value, declared["choices"])


def read_text(value) -> tuple[object, str]:
    if is_text(value):
        return value, ""
    return None, _("Give a text of at most %(longest)s characters.") % {"longest": LONGEST}


def read_integer(value) -> tuple[object, str]:
    if isinstance(value, str) and re.fullmatch(r"\s*[+-]?[0-9]{1,19}\s*", value):
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < SAFE_INTEGER:
        return value, ""
    return None, _("Give a whole number.")


def read_number(value) -> tuple[object, str]:
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return None, _("Give a number.")
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if is_number and abs(value) < SAFE_INTEGER and math.isfinite(value):
        return value, ""
    return None, _("Give a number.")


def read_boolean(value) -> tuple[object, str]:
    words = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
    if isinstance(value, str):
        value = words.get(value.strip().lower())
    return (value, "") if isinstance(value, bool) else (None, _("Give true or false."))


def read_choice(value, choices: list) -> tuple[object, str]:
    if value in choices:
        return value, ""
    return None, _("Choose one of %(choices)s.") % {"choices": ", ".join(choices[:20])}
