"""Forms of environments and package indexes."""

from django import forms
from django.core.exceptions import ValidationError

from envs.checks import check_environment, check_index
from envs.models import Environment, PackageIndex


class EnvironmentForm(forms.ModelForm):
    class Meta:
        model = Environment
        fields = ("slug", "title", "kind", "python", "index", "requirements")
        widgets = {
            "requirements": forms.Textarea(
                attrs={"rows": 12, "class": "vLargeTextField k-mono", "spellcheck": "false"}
            )
        }

    def clean_requirements(self):
        text = self.cleaned_data["requirements"].replace("\r\n", "\n").strip()
        return f"{text}\n" if text else ""

    def _post_clean(self):
        super()._post_clean()
        check_into(self, check_environment)


class IndexForm(forms.ModelForm):
    class Meta:
        model = PackageIndex
        fields = ("slug", "title", "url", "extra_urls", "is_trusted", "is_default")

    def _post_clean(self):
        super()._post_clean()
        check_into(self, check_index)


def check_into(form: forms.ModelForm, check) -> None:
    """Run `check` on the form's object and put its sentences at the fields; the first is enough."""
    try:
        check(form.instance)
    except ValidationError as problem:
        for name, errors in problem.error_dict.items():
            if name not in form.errors:
                form.add_error(name if name in form.fields else None, errors)
