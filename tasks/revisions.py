"""Takes contents in as revisions of projects."""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.db import transaction
from django.db.models import Max

from audit.recording import record
from nodes import home
from tasks.models import Project, Revision
from tasks.source import archive, files, frameworks, git, store, tree


@dataclass
class Archive:
    """An uploaded zip."""

    file: BinaryIO
    name: str = ""
    kind = Project.Source.ARCHIVE
    commit = ""

    def write(self, into: Path) -> None:
        archive.unpack(self.file, into)


@dataclass
class Files:
    """Pasted files: names and texts."""

    files: Mapping[str, str]
    name: str = ""
    kind = Project.Source.FILES
    commit = ""

    def write(self, into: Path) -> None:
        files.write(self.files, into)


@dataclass
class Git:
    """A repository, and the branch, tag or commit of it."""

    url: str
    ref: str = ""
    kind = Project.Source.GIT
    commit = ""

    @property
    def name(self) -> str:
        return f"{self.url} {self.ref}".strip()

    def write(self, into: Path) -> None:
        self.commit = git.clone(self.url, self.ref, into)


@dataclass(frozen=True)
class Content:
    """A content that is kept on disk already, and what was found in it."""

    content_hash: str
    file_count: int
    size_bytes: int
    found: frameworks.Detected


def create_project(slug: str, title: str, source, user=None, **fields) -> Project:
    """Make a project with its first revision, or nothing at all.

    Raises BadSource, and ValidationError where the fields themselves are wrong.
    """
    project = Project(slug=slug, title=title, **git_fields(source), **fields)
    project.full_clean()
    try:
        content = take_in(source, slug)
        with transaction.atomic():
            project.save(force_insert=True)
            add(project, source, content, user)
    except BaseException:
        remove_empty(home.projects() / slug)
        raise
    record("create", project, {"source": source.name}, user=user)
    return project


def remove_empty(directory: Path) -> None:
    """Remove a directory that nothing was kept in; somebody else may be filling it just now."""
    with contextlib.suppress(OSError):
        directory.rmdir()


def add_revision(project: Project, source, user=None) -> Revision:
    """Take a content in as the project's revision in use; a known one is used again.

    Raises BadSource, and then nothing has changed.
    """
    content = take_in(source, project.slug)
    with transaction.atomic():
        revision = add(project, source, content, user)
    record("add_revision", project, {"revision": revision.number, "source": source.name}, user=user)
    return revision


def take_in(source, slug: str) -> Content:
    """Write the content to a private directory, look at it, and keep it on disk."""
    root = home.projects() / slug
    with store.private(root) as private:
        directory = private / "content"
        source.write(directory)
        listed = tree.files(directory)
        found = frameworks.detect(directory)
        content_hash, _path = store.keep(directory, root)
    return Content(content_hash, len(listed), sum(file.size for file in listed), found)


def add(project: Project, source, content: Content, user) -> Revision:
    """Make the kept content a row, unless it is one, and the revision in use."""
    Project.objects.select_for_update().get(pk=project.pk)
    revision = project.revisions.filter(content_hash=content.content_hash).first()
    if revision is None:
        last = project.revisions.aggregate(last=Max("number"))["last"] or 0
        revision = Revision.objects.create(
            project=project,
            number=last + 1,
            content_hash=content.content_hash,
            source=source.kind,
            source_name=source.name[:500],
            commit=source.commit,
            file_count=content.file_count,
            size_bytes=content.size_bytes,
            frameworks=content.found.frameworks,
            spiders=content.found.spiders,
            requirement_files=content.found.requirement_files,
            created_by=user,
        )
    project.current_revision = revision
    Project.objects.filter(pk=project.pk).update(current_revision=revision, **git_fields(source))
    return revision


def git_fields(source) -> dict:
    return {"git_url": source.url, "git_ref": source.ref} if isinstance(source, Git) else {}


def remove_files(project: Project) -> None:
    """Remove the contents of a project that was deleted; call it after its row is gone."""
    store.remove(home.projects() / project.slug)


def use_revision(project: Project, revision: Revision, user=None) -> None:
    """Make an older revision the one in use again; running runs keep theirs."""
    if revision.project_id != project.pk:
        raise ValueError("a revision of another project")
    before = project.current_revision
    Project.objects.filter(pk=project.pk).update(current_revision=revision)
    project.current_revision = revision
    record(
        "use_revision",
        project,
        {"revision": [before and before.number, revision.number]},
        user=user,
    )
