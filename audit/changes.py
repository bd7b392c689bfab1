"""Compares an object with what it was, field by field."""

from django.db import models

EMPTY = ("", None, [])


def editable(model: type[models.Model]) -> list[str]:
    """Return the names of the columns that people fill in."""
    return [field.name for field in model._meta.fields if field.editable and not field.primary_key]


def values(obj: models.Model) -> dict:
    """Return the editable fields of the saved row by name, relations by the names of their rows."""
    saved = type(obj)._default_manager.filter(pk=obj.pk).first()
    if saved is None:
        return {}
    found = {name: shown(saved, saved._meta.get_field(name)) for name in editable(type(obj))}
    for field in saved._meta.many_to_many:
        found[field.name] = sorted(map(str, getattr(saved, field.name).all()))
    return found


def shown(obj: models.Model, field: models.Field):
    if field.is_relation:
        related = getattr(obj, field.name)
        return None if related is None else str(related)
    return field.value_from_object(obj)


def differences(before: dict, after: dict) -> dict:
    """Return `{name: [before, after]}` of what is not the same."""
    names = [name for name in after if before.get(name) != after[name]]
    return {name: [before.get(name), after[name]] for name in names}


def created(obj: models.Model) -> dict:
    """Return `{name: [None, value]}` of all that is filled in."""
    return {name: [None, each] for name, each in values(obj).items() if each not in EMPTY}
