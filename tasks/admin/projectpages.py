"""What the pages of a project show of its content."""

import shutil
from pathlib import Path
from urllib.parse import urlencode

from django import forms
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import TextLexer, get_lexer_for_filename
from pygments.util import ClassNotFound

from envs import offers
from tasks.models import Project
from tasks.source import files, frameworks, tree, words
from tasks.source.errors import BadSource

sentence = words.sentence
COLOURED_BYTES = 200_000
EDITED_BYTES = 500_000
SHOWN_FILES = 500
MOST_REQUIREMENT_FILES = 5


def context(object_id) -> dict:
    project = (
        Project.objects.select_related("current_revision").filter(pk=object_id).first()
        if str(object_id).isdigit()
        else None
    )
    if project is None:
        return {}
    current = project.current_revision
    return {
        "project": project,
        "current": current,
        "revisions": project.revisions.select_related("created_by").order_by("-number")[:50],
        "tasks": project.tasks.order_by("slug")[:100],
        "files": tree.files(current.directory)[:SHOWN_FILES] if is_there(current) else [],
        "suggestions": suggestions(project) if is_there(current) else [],
        "environments": environments(project) if is_there(current) else [],
    }


def is_there(revision) -> bool:
    return revision is not None and revision.directory.is_dir()


def suggestions(project: Project) -> list[tuple[str, str]]:
    """Return commands that can be run, each with the address that makes a task of it."""
    found = frameworks.detect(project.current_revision.directory)
    add = reverse("admin:tasks_task_add")
    return [
        (command, f"{add}?{urlencode({'project': project.pk, 'command': command})}")
        for command in found.suggested_commands[:12]
    ]


def environments(project: Project) -> list[tuple]:
    """Return an offer for each requirements file, with the address that makes an environment."""
    root = project.current_revision.directory
    texts = {}
    for name in project.current_revision.requirement_files[:MOST_REQUIREMENT_FILES]:
        try:
            texts[name] = tree.view(root, name).text or ""
        except BadSource:
            continue
    add = reverse("admin:envs_environment_add")
    return [(offer, f"{add}?{asked_for(project, offer)}") for offer in offers.from_files(texts)]


def asked_for(project: Project, offer) -> str:
    wanted = {"slug": project.slug, "requirements": offer.requirements, "python": offer.python}
    return urlencode({name: value for name, value in wanted.items() if value})


def file_view(project: Project, name: str) -> dict | None:
    """Return the name, text and size of a file of the revision in use; None where it is not."""
    if not is_there(project.current_revision):
        return None
    try:
        view = tree.view(project.current_revision.directory, name)
    except BadSource:
        return None
    return {
        "name": name,
        "code": coloured(name, view.text) if view.text is not None else None,
        "size": view.size,
        "is_truncated": view.is_truncated,
        "may_edit": view.text is not None and view.size <= EDITED_BYTES,
    }


def coloured(name: str, text: str) -> SafeString:
    """Return the text as HTML by Pygments, which escapes it; colours are classes."""
    try:
        lexer = get_lexer_for_filename(name) if len(text) <= COLOURED_BYTES else TextLexer()
    except ClassNotFound:
        lexer = TextLexer()
    formatter = HtmlFormatter(cssclass="k-code", linenos="inline", anchorlinenos=False)
    return mark_safe(highlight(text, lexer, formatter))  # noqa: S308 - Pygments escapes its input


class EditForm(forms.Form):
    name = forms.CharField(label=_("file name"), max_length=200)
    text = forms.CharField(
        label=_("text"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 28, "class": "k-mono", "spellcheck": "false"}),
    )


def edit_form(project: Project, request) -> EditForm | None:
    """Return the form for the file that `?name=` names, or a new one; None for a binary one."""
    if request.method == "POST":
        return EditForm(request.POST)
    name = request.GET.get("name", "")
    if not name:
        return EditForm()
    shown = file_view(project, name)
    if shown is None or not shown["may_edit"]:
        return None
    text = tree.view(project.current_revision.directory, name).text
    return EditForm(initial={"name": name, "text": text})


class Edited:
    """The revision in use with one file written anew."""

    kind = Project.Source.FILES
    commit = ""

    def __init__(self, directory: Path | None, name: str, text: str):
        self.directory, self.name, self.text = directory, name, text

    def write(self, into: Path) -> None:
        written = tree_of(self.name, self.text, into.parent / "edited")
        if self.directory is None:
            written.rename(into)
            return
        # Without byte code: what is compiled anew must not run as it was before.
        shutil.copytree(self.directory, into, ignore=shutil.ignore_patterns("__pycache__"))
        for path in [into, *into.rglob("*")]:
            path.chmod(path.stat().st_mode | 0o200)
        target = into / self.name
        if target.is_dir() or any(parent.is_file() for parent in target.parents):
            raise BadSource("file_and_folder", self.name)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(written / self.name, target)


def tree_of(name: str, text: str, into: Path) -> Path:
    """Write the one file, with all the checks that pasted files go through."""
    files.write({name: text.replace("\r\n", "\n")}, into)
    return into


def with_file(project: Project, name: str, text: str) -> Edited:
    directory = project.current_revision.directory if is_there(project.current_revision) else None
    return Edited(directory, name, text)
