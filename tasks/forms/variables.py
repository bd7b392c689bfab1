"""Forms of variables: one of them, or the text of a `.env` file."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tasks.models import Project, Task, Variable
from tasks.variables import storing

BOTH = _("A variable belongs to a project or to a task, not to both.")


class Unshown(forms.Textarea):
    """Takes a text and gives nothing back, not even what was refused."""

    def format_value(self, value):
        return ""


class VariableForm(forms.ModelForm):
    """A variable; the value of a secret is taken and never given back."""

    value = forms.CharField(
        label=_("value"),
        required=False,
        strip=False,
        widget=forms.Textarea(
            attrs={
                "rows": 4,
                "class": "vLargeTextField k-mono",
                "autocomplete": "off",
                "spellcheck": "false",
            }
        ),
    )

    class Meta:
        model = Variable
        fields = ("project", "task", "key", "is_secret")
        help_texts = {
            "project": _("Only for tasks of this project. Empty, without a task: for all."),
            "task": _("Only for this task."),
            "is_secret": _("Kept encrypted, never shown again, hidden in logs."),
        }

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        if self.is_bound and self.data.get("is_secret") and "value" in self.fields:
            self.fields["value"].widget = Unshown(self.fields["value"].widget.attrs)
        self.was_secret = bool(self.instance.pk and self.instance.is_secret)
        if self.instance.pk and not self.was_secret and "value" in self.fields:
            self.fields["value"].initial = self.instance.value

    def clean_value(self):
        return self.cleaned_data["value"].replace("\r\n", "\n")

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("project") and cleaned.get("task"):
            self.add_error("task", BOTH)
        if self.is_kept():
            return cleaned
        if self.was_secret and not cleaned.get("is_secret") and not cleaned.get("value"):
            self.add_error("value", _("Write the value: a secret's is not given back."))
            return cleaned
        key = self.instance.key or cleaned.get("key", "")
        try:
            storing.check(key, cleaned.get("value", ""), cleaned.get("is_secret", False))
        except ValidationError as problem:
            for name, errors in problem.error_dict.items():
                if name not in self.errors:
                    self.add_error(name if name in self.fields else None, errors)
        return cleaned

    def is_kept(self) -> bool:
        """Tell whether a secret is left as it is: nothing was written over it."""
        cleaned = self.cleaned_data
        return self.was_secret and cleaned.get("is_secret", False) and not cleaned.get("value")


class PasteForm(forms.Form):
    project = forms.ModelChoiceField(
        Project.objects.all(), required=False, label=_("Project"), empty_label=_("(global)")
    )
    task = forms.ModelChoiceField(Task.objects.all(), required=False, label=_("Task"))
    are_secret = forms.BooleanField(
        required=False, label=_("All of them are secrets"), initial=False
    )
    text = forms.CharField(
        label=_("Text of the file"),
        strip=False,
        widget=forms.Textarea(
            attrs={"rows": 16, "class": "k-mono", "autocomplete": "off", "spellcheck": "false"}
        ),
    )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("project") and cleaned.get("task"):
            self.add_error("task", BOTH)
        return cleaned
