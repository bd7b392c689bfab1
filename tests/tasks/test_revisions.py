import io
import subprocess
import zipfile

import pytest
from django.core.exceptions import ValidationError

from audit.models import AuditEntry
from nodes import home
from tasks import revisions
from tasks.models import Project, Revision
from tasks.source.errors import BadSource

pytestmark = pytest.mark.django_db
CODE = {"spider.py": "print(1)\n", "shop/__init__.py": ""}


def zipped(files: dict[str, str]) -> io.BytesIO:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    made.seek(0)
    return made


def make(slug="shop", files=CODE) -> Project:
    return revisions.create_project(slug, "Shop", revisions.Files(files))


def test_a_project_begins_with_a_compiled_read_only_revision():
    project = make()
    revision = project.current_revision
    assert (revision.number, revision.file_count, revision.source) == (1, 2, "files")
    assert (revision.directory / "__pycache__").is_dir()
    assert (revision.directory / "spider.py").stat().st_mode & 0o222 == 0
    assert AuditEntry.objects.filter(action="create", object_name="Shop").exists()


def test_an_archive_gives_what_is_in_its_only_folder():
    source = revisions.Archive(zipped({"top/spider.py": "x = 1\n"}), "shop.zip")
    project = revisions.create_project("shop", "", source)
    assert (project.current_revision.directory / "spider.py").is_file()
    assert project.current_revision.source_name == "shop.zip"


@pytest.mark.parametrize("slug", ["Shop", "", "a b", "x" * 65])
def test_a_wrong_name_leaves_nothing(slug):
    with pytest.raises(ValidationError):
        make(slug)
    assert not Project.objects.exists()
    assert not home.projects().exists()


@pytest.mark.parametrize("name", ["../out.py", "/etc/x", "a\x00b", "a\\b"])
def test_a_refused_content_leaves_nothing(name):
    with pytest.raises(BadSource):
        make(files={name: "x"})
    assert not Project.objects.exists()
    assert list(home.projects().glob("*")) == []


def test_a_new_content_is_the_next_revision_and_the_one_in_use():
    project = make()
    revision = revisions.add_revision(project, revisions.Files({"spider.py": "print(2)\n"}))
    project.refresh_from_db()
    assert (revision.number, project.current_revision) == (2, revision)


def test_a_known_content_is_used_again():
    project = make()
    first = project.current_revision
    revisions.add_revision(project, revisions.Files({"spider.py": "print(2)\n"}))
    assert revisions.add_revision(project, revisions.Files(CODE)) == first
    assert Revision.objects.count() == 2


def test_an_older_revision_is_used_again():
    project = make()
    first = project.current_revision
    revisions.add_revision(project, revisions.Files({"spider.py": "print(2)\n"}))
    revisions.use_revision(project, first)
    project.refresh_from_db()
    assert project.current_revision == first
    with pytest.raises(ValueError, match="another project"):
        revisions.use_revision(make("other", {"a.py": ""}), first)


def test_git_gives_the_commit_it_brought(tmp_path, monkeypatch):
    def git(*words):
        subprocess.run(["git", "-C", str(tmp_path), *words], check=True, capture_output=True)

    git("init", "-q", "-b", "main")
    (tmp_path / "spider.py").write_text("print(3)\n")
    git("add", ".")
    git("-c", "user.name=a", "-c", "user.email=a@b.c", "commit", "-qm", "one")
    # The product brings by https and ssh only; this repository lies on the same disk.
    monkeypatch.setattr("tasks.source.giturl.PROTOCOLS", ("file",))
    cloned = revisions.git.clone
    monkeypatch.setattr(
        revisions.git,
        "clone",
        lambda url, ref, into: cloned(url, ref, into, protocols=("file",)),
    )
    project = revisions.create_project("shop", "", revisions.Git(f"file://{tmp_path}", "main"))
    assert len(project.current_revision.commit) == 40
    assert project.git_ref == "main"
