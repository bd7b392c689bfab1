import io
import zipfile

import pytest
from django.urls import reverse

from tasks.models import Project
from tests.factories import make_project, make_task, make_user

pytestmark = pytest.mark.django_db
ADD = "admin:tasks_project_add"


def url(name: str, project: Project, *more) -> str:
    return reverse(f"admin:tasks_project_{name}", args=[project.pk, *more])


def paste(text="print(1)\n", **fields) -> dict:
    return {"slug": "shop", "kind": "files", "file_name": "spider.py", "content": text} | fields


def add(page, **fields) -> Project:
    answer = page.post(reverse(ADD), paste(**fields))
    project = Project.objects.get()
    assert answer.url == url("change", project)
    return project


def test_a_project_is_pasted_and_shows_its_files_and_what_can_be_run(admin_page):
    project = add(admin_page, text="if __name__ == '__main__':\n    print(1)\n")
    page = admin_page.get(url("change", project)).content.decode()
    assert "spider.py" in page
    assert "python spider.py" in page


def test_a_zip_is_taken_in(admin_page):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("crawl.py", "print(1)\n")
        archive.writestr("requirements.txt", "requests==2.34.2\n")
    made.seek(0)
    made.name = "shop.zip"
    admin_page.post(reverse(ADD), {"slug": "shop", "kind": "archive", "archive": made})
    project = Project.objects.get()
    page = admin_page.get(url("change", project)).content.decode()
    assert "requirements=requests%3D%3D2.34.2" in page


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"slug": "Not A Name"}, "slug"),
        ({"content": ""}, "content"),
        ({"file_name": "../x.py"}, "content"),
        ({"kind": "git", "git_url": "file:///etc"}, "git_url"),
        ({"kind": "git", "git_url": "https://user:word@host.test/x"}, "git_url"),
        ({"kind": "archive"}, "archive"),
        ({"kind": "elsewhere"}, "kind"),
    ],
)
def test_a_wrong_content_is_said_at_its_field_and_nothing_is_made(admin_page, fields, field):
    page = admin_page.post(reverse(ADD), paste() | fields)
    assert field in page.context["form"].errors
    assert not Project.objects.exists()


def test_a_file_is_not_a_zip_because_it_is_called_so(admin_page):
    made = io.BytesIO(b"not a zip")
    made.name = "shop.zip"
    page = admin_page.post(reverse(ADD), {"slug": "shop", "kind": "archive", "archive": made})
    assert "not a zip archive" in page.content.decode()


def test_a_file_is_edited_into_a_new_revision_and_rolled_back(admin_page):
    project = add(admin_page)
    edit = url("edit", project)
    page = admin_page.get(f"{edit}?name=spider.py").content.decode()
    assert "print(1)" in page
    admin_page.post(edit, {"name": "spider.py", "text": "print(2)\n"})
    project.refresh_from_db()
    assert project.current_revision.number == 2
    assert (project.current_revision.directory / "spider.py").read_text() == "print(2)\n"
    admin_page.post(url("use", project, 1))
    project.refresh_from_db()
    assert project.current_revision.number == 1


def test_a_folder_is_not_written_over(admin_page):
    project = make_project({"shop/a.py": ""})
    page = admin_page.post(url("edit", project), {"name": "shop", "text": "x"})
    assert "a file and a folder" in page.content.decode()


def test_code_is_shown_as_text(admin_page):
    project = make_project({"a.py": "x = '<script>alert(1)</script>'\n"})
    page = admin_page.get(f"{url('files', project)}?name=a.py").content.decode()
    assert "<script>alert" not in page
    for name in ("../a.py", "missing.py", "/etc/passwd"):
        assert admin_page.get(f"{url('files', project)}?name={name}").status_code == 404


def test_a_project_that_tasks_use_is_not_deleted(admin_page):
    project = make_task().project
    admin_page.post(url("delete", project), {"post": "yes"})
    assert Project.objects.filter(pk=project.pk).exists()


def test_a_deleted_project_leaves_no_files(admin_page):
    project = add(admin_page)
    directory = project.current_revision.directory.parent
    admin_page.post(url("delete", project), {"post": "yes"})
    assert not Project.objects.exists()
    assert not directory.exists()


@pytest.mark.parametrize("name", ["revisions_add", "pull", "pause", "edit"])
def test_a_viewer_changes_nothing(client, name):
    project = make_project()
    client.force_login(make_user("tasks.view_project"))
    assert client.post(url(name, project)).status_code == 403
    assert client.get(url("change", project)).status_code == 200
