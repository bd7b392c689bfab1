import io
import json
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from audit.models import AuditEntry
from tasks.models import Project
from tests import factories

pytestmark = pytest.mark.django_db

FILES = json.dumps({"spider.py": "print('hello')\n", "lib/names.py": "NAMES = []\n"})


def archive(**files):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as packed:
        for name, text in files.items():
            packed.writestr(name.replace("__", "."), text)
    return SimpleUploadedFile("spiders.zip", target.getvalue(), "application/zip")


def test_a_project_is_made_of_files(admin_calls):
    answer = admin_calls.form("/projects", slug="shop", title="商店", files=FILES)
    assert answer.status_code == 201
    assert answer.json()["slug"] == "shop"
    assert answer.json()["revision"] == 1
    project = Project.objects.get(slug="shop")
    assert project.title == "商店"
    assert (project.current_revision.directory / "lib" / "names.py").is_file()
    assert admin_calls.get("/projects/shop").json()["title"] == "商店"


def test_a_project_is_made_of_a_zip(admin_calls):
    upload = archive(scrapy__cfg="[settings]\ndefault = shop.settings\n", spider__py="x = 1\n")
    answer = admin_calls.form("/projects", slug="shop", archive=upload)
    assert answer.status_code == 201
    assert "scrapy" in answer.json()["frameworks"]


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"files": FILES}, "slug"),
        ({"slug": "", "files": FILES}, "slug"),
        ({"slug": "Shop", "files": FILES}, "slug"),
        ({"slug": "s" * 65, "files": FILES}, "slug"),
        ({"slug": "../up", "files": FILES}, "slug"),
        ({"slug": "shop", "files": FILES, "title": "t" * 201}, "title"),
        ({"slug": "shop", "files": FILES, "title": "a\0b"}, "title"),
        ({"slug": "shop"}, "archive"),
        ({"slug": "shop", "files": "{}"}, "files"),
        ({"slug": "shop", "files": "not json"}, "files"),
        ({"slug": "shop", "files": '["spider.py"]'}, "files"),
        ({"slug": "shop", "files": '{"spider.py": 1}'}, "files"),
        ({"slug": "shop", "files": '{"../up.py": ""}'}, "files"),
        ({"slug": "shop", "files": FILES, "git_url": "https://localhost/a"}, "files"),
        ({"slug": "shop", "git_url": "file:///etc"}, "git_url"),
        ({"slug": "shop", "git_url": "--upload-pack=touch /tmp/x"}, "git_url"),
        ({"slug": "shop", "git_url": "https://localhost/a", "git_ref": "--all"}, "git_ref"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(admin_calls, home, fields, wrong):
    answer = admin_calls.form("/projects", **fields)
    assert answer.status_code == 422
    assert answer.json()["errors"][wrong][0]
    assert not Project.objects.exists()
    assert not list(home.glob("projects/*/[0-9a-f]*"))


def test_a_file_that_is_no_zip_is_refused(admin_calls):
    upload = SimpleUploadedFile("spiders.zip", b"no zip at all")
    answer = admin_calls.form("/projects", slug="shop", archive=upload)
    assert answer.status_code == 422
    assert answer.json()["errors"]["archive"]
    assert not Project.objects.exists()


def test_a_name_is_taken_once(admin_calls):
    factories.make_project(slug="shop")
    answer = admin_calls.form("/projects", slug="shop", files=FILES)
    assert answer.status_code == 422
    assert answer.json()["errors"]["slug"]


def test_revisions_are_added_listed_and_used_again(admin_calls):
    admin_calls.form("/projects", slug="shop", files=FILES)
    answer = admin_calls.form("/projects/shop/revisions", files='{"spider.py": "2"}')
    assert (answer.status_code, answer.json()["revision"]) == (201, 2)
    listed = admin_calls.get("/projects/shop/revisions").json()["items"]
    assert [(each["number"], each["in_use"]) for each in listed] == [(2, True), (1, False)]
    assert admin_calls.post("/projects/shop/revisions/1/use").json()["revision"] == 1
    assert admin_calls.post("/projects/shop/revisions/9/use").status_code == 404


def test_a_revision_needs_a_source(admin_calls):
    factories.make_project(slug="shop")
    answer = admin_calls.form("/projects/shop/revisions")
    assert (answer.status_code, set(answer.json()["errors"])) == (422, {"archive"})
    assert admin_calls.form("/projects/none/revisions", files=FILES).status_code == 404


def test_a_project_is_changed_and_the_change_recorded(admin_calls):
    factories.make_project(slug="shop", title="old")
    answer = admin_calls.patch("/projects/shop", {"title": "new", "max_parallel": 3})
    assert (answer.status_code, answer.json()["max_parallel"]) == (200, 3)
    assert AuditEntry.objects.first().changes["title"] == ["old", "new"]


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({"title": 7}, "title"),
        ({"title": None}, "title"),
        ({"title": "t" * 201}, "title"),
        ({"max_parallel": -1}, "max_parallel"),
        ({"max_parallel": "3"}, "max_parallel"),
        ({"max_parallel": True}, "max_parallel"),
        ({"max_parallel": 2**60}, "max_parallel"),
        ({"slug": "other"}, "slug"),
        ({"titel": "new"}, "titel"),
    ],
)
def test_a_wrong_change_is_refused(admin_calls, body, wrong):
    factories.make_project(slug="shop")
    answer = admin_calls.patch("/projects/shop", body)
    assert (answer.status_code, set(answer.json()["errors"])) == (422, {wrong})


def test_a_project_that_tasks_use_stays(admin_calls):
    task = factories.make_task()
    answer = admin_calls.delete(f"/projects/{task.project.slug}")
    assert answer.status_code == 409
    assert task.slug in answer.json()["detail"]
    assert task.project.current_revision.directory.is_dir()


def test_a_project_goes_with_its_files(admin_calls, home):
    project = factories.make_project(slug="shop")
    assert admin_calls.delete("/projects/shop").status_code == 204
    assert not Project.objects.filter(pk=project.pk).exists()
    assert not (home / "projects" / "shop").exists()
    assert admin_calls.delete("/projects/shop").status_code == 404
    assert AuditEntry.objects.first().object_name == "shop"
