"""Forms that bring a project's content: a zip, pasted files, or git."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from audit.slugs import check_slug
from tasks.models import Project
from tasks.revisions import Archive, Files, Git
from tasks.source import words
from tasks.source.errors import BadSource

Source = Project.Source
FIELDS = {Source.ARCHIVE: "archive", Source.FILES: "content", Source.GIT: "git_url"}


class SourceForm(forms.Form):
    """Where a content comes from; `source()` is what `tasks.revisions` takes in."""

    kind = forms.ChoiceField(
        label=_("source"), choices=Source.choices, initial=Source.ARCHIVE, widget=forms.RadioSelect
    )
    archive = forms.FileField(
        label=_("zip archive"),
        required=False,
        help_text=_("A single folder at its top is left out."),
    )
    file_name = forms.CharField(
        label=_("file name"), required=False, max_length=200, initial="main.py"
    )
    content = forms.CharField(
        label=_("text"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 14, "class": "k-mono", "spellcheck": "false"}),
    )
    git_url = forms.CharField(
        label=_("git address"),
        required=False,
        max_length=500,
        help_text=_("https://… or ssh://…, without a password in it."),
    )
    git_ref = forms.CharField(label=_("branch, tag or commit"), required=False, max_length=200)

    def clean(self):
        cleaned = super().clean()
        field = FIELDS.get(cleaned.get("kind"))
        if field and not cleaned.get(field) and field not in self.errors:
            self.add_error(field, ValidationError(_("This is needed for the chosen source.")))
        return cleaned

    def source(self):
        given = self.cleaned_data
        match given["kind"]:
            case Source.ARCHIVE:
                return Archive(given["archive"], given["archive"].name)
            case Source.FILES:
                return Files({given["file_name"] or "main.py": given["content"]})
        return Git(given["git_url"], given["git_ref"])

    def refuse(self, bad: BadSource) -> None:
        """Say what is wrong with the content at the field that it came from."""
        self.add_error(FIELDS[self.cleaned_data["kind"]], words.sentence(bad))


class ProjectForm(SourceForm):
    """A new project with its first content."""

    slug = forms.CharField(
        label=_("name"),
        max_length=64,
        validators=[check_slug],
        help_text=_("Small letters, digits, - and _. Used in addresses and commands."),
    )
    title = forms.CharField(label=_("title"), max_length=200, required=False)

    field_order = ("slug", "title", "kind", "archive", "file_name", "content", "git_url", "git_ref")

    def clean_slug(self):
        slug = self.cleaned_data["slug"]
        if Project.objects.filter(slug=slug).exists():
            raise ValidationError(_("There is a project of this name already."))
        return slug
