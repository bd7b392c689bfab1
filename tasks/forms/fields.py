"""Form fields for lists, shown as text."""

import json

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class WordsField(forms.CharField):
    """A list of words, written with commas between them."""

    def prepare_value(self, value):
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value):
        text = super().to_python(value)
        return [word.strip() for word in text.replace("，", ",").split(",") if word.strip()]

    def has_changed(self, initial, data):
        return (initial or []) != self.to_python(data)


class NumbersField(WordsField):
    """A list of whole numbers, written with commas between them."""

    def to_python(self, value):
        try:
            return [int(word) for word in super().to_python(value)]
        except ValueError:
            raise ValidationError(_("Write whole numbers with commas between them.")) from None


class DeclarationsField(forms.CharField):
    """The parameters that a task declares, as JSON."""

    widget = forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "class": "k-mono"})

    def prepare_value(self, value):
        if isinstance(value, list):
            return json.dumps(value, ensure_ascii=False, indent=2) if value else ""
        return value

    def to_python(self, value):
        text = super().to_python(value)
        if not text.strip():
            return []
        try:
            return json.loads(text, parse_constant=refuse_constant)
        except ValueError as problem:
            line = getattr(problem, "lineno", 1)
            raise ValidationError(
                _("This is not JSON (line %(line)s). Example: %(example)s"),
                params={"line": line, "example": '[{"name": "pages", "type": "integer"}]'},
            ) from None

    def has_changed(self, initial, data):
        try:
            return (initial or []) != self.to_python(data)
        except ValidationError:
            return True


def refuse_constant(name: str):
    raise ValueError(name)


class LocalTimeInput(forms.DateTimeInput):
    """The browser's own field for a date and a time."""

    input_type = "datetime-local"

    def __init__(self, attrs=None):
        super().__init__(attrs={"step": "1"} | (attrs or {}), format="%Y-%m-%dT%H:%M:%S")
