"""The form of a task's declared parameters."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tasks import params as parameters


class ParamsForm(forms.Form):
    """A field for each declared parameter; `values` are the checked ones once it is valid."""

    def __init__(self, task, *args, initial=None, **options):
        super().__init__(*args, initial=initial, **options)
        self.declared = task.params
        self.values = {}
        for each in task.params:
            self.fields[each["name"]] = field_of(each)

    def clean(self):
        given = {
            name: value for name, value in self.cleaned_data.items() if value not in ("", None)
        }
        self.values, errors = parameters.check_values(self.declared, given)
        for name, sentences in errors.items():
            self.add_error(name if name in self.fields else None, sentences)
        return self.cleaned_data


def field_of(declared: dict) -> forms.Field:
    common = {
        "label": declared.get("title") or declared["name"],
        "required": bool(declared.get("required")),
        "initial": declared.get("default"),
    }
    match declared.get("type", "text"):
        case "integer":
            return forms.IntegerField(**common)
        case "number":
            return forms.FloatField(**common)
        case "boolean":
            return forms.BooleanField(**common | {"required": False})
        case "choice":
            choices = [(each, each) for each in declared.get("choices", [])]
            if not common["required"]:
                choices.insert(0, ("", _("(none)")))
            return forms.ChoiceField(choices=choices, **common)
    return forms.CharField(max_length=10_000, **common)
