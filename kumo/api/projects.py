"""Calls on projects and their revisions."""

import json
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from ninja import File, Form, Router, Status
from ninja.files import UploadedFile
from pydantic import BaseModel

from audit.changes import differences, values
from audit.recording import record
from kumo.api.access import May
from kumo.api.paging import Page, Paged, page
from kumo.api.refusals import Refused, find, unknown, wrong
from kumo.api.schemas import Given, Slug, Text, Whole
from nodes import home
from tasks import revisions
from tasks.models import Project, Revision
from tasks.source import store, words
from tasks.source.errors import BadSource

router = Router()


class RevisionOut(BaseModel):
    number: int
    content_hash: str
    source: str
    source_name: str
    commit: str
    file_count: int
    size_bytes: int
    frameworks: list
    spiders: list
    created_at: datetime
    in_use: bool


class ProjectOut(BaseModel):
    slug: str
    title: str
    description: str
    git_url: str
    git_ref: str
    max_parallel: int
    paused_at: datetime | None
    revision: int | None
    frameworks: list
    spiders: list
    created_at: datetime
    updated_at: datetime


class ProjectMade(BaseModel):
    slug: str
    revision: int
    frameworks: list
    spiders: list


class RevisionMade(BaseModel):
    revision: int
    frameworks: list
    spiders: list


class SourceIn(BaseModel):
    """One of `git_url`, `files` (JSON: path -> text) and the file `archive` (zip)."""

    git_url: Text = ""
    git_ref: Text = ""
    files: Text = ""


class ProjectIn(SourceIn):
    slug: Slug
    title: Text = ""


class ProjectChange(Given):
    title: Text = None
    description: Text = None
    max_parallel: Whole = None


def shown(project: Project) -> dict:
    revision = project.current_revision
    names = ("slug", "title", "description", "git_url", "git_ref", "max_parallel")
    times = ("paused_at", "created_at", "updated_at")
    return {name: getattr(project, name) for name in names + times} | {
        "revision": revision and revision.number,
        "frameworks": revision.frameworks if revision else [],
        "spiders": revision.spiders if revision else [],
    }


def shown_revision(revision: Revision) -> dict:
    kept = {name: getattr(revision, name) for name in RevisionOut.model_fields if name != "in_use"}
    return kept | {"in_use": revision.pk == revision.project.current_revision_id}


def made(revision: Revision) -> dict:
    return {
        "revision": revision.number,
        "frameworks": revision.frameworks,
        "spiders": revision.spiders,
    }


def projects():
    return Project.objects.select_related("current_revision")


def source_of(data: SourceIn, archive: UploadedFile | None):
    """Return the one source that was given, or None for none; raises a 422 for more."""
    offered = {"archive": archive, "git_url": data.git_url, "files": data.files}
    given = [name for name, each in offered.items() if each]
    if len(given) > 1:
        raise wrong({name: [_("Give one source only.")] for name in given})
    if archive:
        return revisions.Archive(archive.file, archive.name or "")
    if data.git_url:
        return revisions.Git(data.git_url, data.git_ref)
    return revisions.Files(texts(data.files)) if data.files else None


def texts(files: str) -> dict[str, str]:
    try:
        found = json.loads(files)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or not all(isinstance(text, str) for text in found.values()):
        raise wrong({"files": [_("Write a JSON object of paths and texts.")]})
    return found


def take_in(source, work):
    """Do `work`; what is wrong with the source becomes a 422 at the field that brought it."""
    field = {"archive": "archive", "git": "git_url", "files": "files"}[source.kind]
    try:
        return work()
    except BadSource as bad:
        if bad.code in ("git_ref", "git_no_ref"):
            field = "git_ref"
        raise wrong({field: [words.sentence(bad)]}) from None


@router.get("", auth=May("tasks.view_project"), response=Page[ProjectOut])
def list_projects(request, window: Paged):
    return page(projects(), window, shown)


@router.post("", auth=May("tasks.add_project"), response={201: ProjectMade})
def make_project(request, data: Form[ProjectIn], archive: File[UploadedFile] = None):
    """Make a project from one of `archive` (zip), `git_url` or `files` (JSON: path -> text)."""
    source = source_of(data, archive)
    if source is None:
        raise wrong({"archive": [_("Give an archive, a git address or files.")]})
    project = take_in(
        source, lambda: revisions.create_project(data.slug, data.title, source, request.user)
    )
    project.refresh_from_db()
    return Status(201, {"slug": project.slug} | made(project.current_revision))


@router.get("/{slug:slug}", auth=May("tasks.view_project"), response=ProjectOut)
def get_project(request, slug: str):
    return shown(find(projects(), slug))


@router.patch("/{slug:slug}", auth=May("tasks.change_project"), response=ProjectOut)
def change_project(request, slug: str, data: ProjectChange):
    project = find(projects(), slug)
    before = values(project)
    given = data.model_dump(exclude_unset=True)
    for name, value in given.items():
        setattr(project, name, value)
    project.full_clean()
    project.save(update_fields=[*given, "updated_at"])
    record("change", project, differences(before, values(project)))
    return shown(project)


@router.delete("/{slug:slug}", auth=May("tasks.delete_project"), response={204: None})
def delete_project(request, slug: str):
    """Delete a project that no task uses, with its revisions."""
    project = find(projects(), slug)
    names = [str(task) for task in project.tasks.all()[:5]]
    if names:
        raise Refused(409, _("Tasks use it: %(names)s.") % {"names": ", ".join(names)})
    before = {name: [each, None] for name, each in values(project).items() if each}
    with transaction.atomic():
        record("delete", project, before)
        project.delete()
    store.remove(home.projects() / slug)
    return Status(204, None)


@router.get("/{slug:slug}/revisions", auth=May("tasks.view_revision"), response=Page[RevisionOut])
def list_revisions(request, slug: str, window: Paged):
    rows = find(projects(), slug).revisions.select_related("project")
    return page(rows, window, shown_revision)


@router.post(
    "/{slug:slug}/revisions", auth=May("tasks.change_project"), response={201: RevisionMade}
)
def add_revision(request, slug: str, data: Form[SourceIn], archive: File[UploadedFile] = None):
    """Add a content and use it; without a source the project's repository is asked again."""
    project = find(projects(), slug)
    source = source_of(data, archive)
    if source is None and project.git_url:
        source = revisions.Git(project.git_url, data.git_ref or project.git_ref)
    if source is None:
        raise wrong({"archive": [_("Give an archive, a git address or files.")]})
    revision = take_in(source, lambda: revisions.add_revision(project, source, request.user))
    return Status(201, made(revision))


@router.post(
    "/{slug:slug}/revisions/{int:number}/use",
    auth=May("tasks.change_project"),
    response=ProjectOut,
)
def use_revision(request, slug: str, number: int):
    """Use an older revision again, or a newer one."""
    project = find(projects(), slug)
    revision = project.revisions.filter(number=number).first()
    if revision is None:
        raise unknown(_("revision"), number)
    revisions.use_revision(project, revision, request.user)
    return shown(find(projects(), slug))
