import io
import os
import zipfile

import pytest

from tasks import artifacts
from tests.factories import make_attempt

pytestmark = pytest.mark.django_db


@pytest.fixture
def attempt(db):
    made = make_attempt()
    (made.spool / "output" / "deep").mkdir(parents=True)
    (made.spool / "output" / "items.csv").write_text("a,b\n")
    (made.spool / "output" / "deep" / "page.html").write_text("<b>")
    return made


def test_files_are_listed_with_what_a_browser_may_show(attempt):
    found = artifacts.files(attempt)
    assert [(file.name, file.size) for file in found] == [("deep/page.html", 3), ("items.csv", 4)]
    assert [file.preview for file in found] == [None, "text/plain; charset=utf-8"]


def test_links_devices_and_odd_names_are_left_out(attempt):
    output = attempt.spool / "output"
    (output / "link").symlink_to("/etc/hostname")
    os.mkfifo(output / "pipe")
    open(os.fsencode(output) + b"/\xff.txt", "w").close()
    assert len(artifacts.files(attempt)) == 2


@pytest.mark.parametrize(
    "name",
    ["../outcome.json", "/etc/hostname", "deep/../../lock", "deep", "", "a\x00", "link/x", "pipe"],
)
def test_no_name_leads_out_or_to_another_thing(attempt, name):
    (attempt.spool / "outcome.json").write_text("{}")
    (attempt.spool / "output" / "link").symlink_to("/etc")
    os.mkfifo(attempt.spool / "output" / "pipe")
    with pytest.raises(artifacts.NoSuchFile):
        artifacts.open_file(attempt, name)


def test_a_link_in_the_place_of_the_directory_gives_nothing(attempt, tmp_path):
    (tmp_path / "secret.txt").write_text("x")
    (attempt.spool / "output").rename(attempt.spool / "away")
    (attempt.spool / "output").symlink_to(tmp_path)
    assert artifacts.files(attempt) == []
    with pytest.raises(artifacts.NoSuchFile):
        artifacts.open_file(attempt, "secret.txt")


def test_all_files_come_as_one_zip(attempt):
    made = io.BytesIO(b"".join(artifacts.zipped(attempt)))
    with zipfile.ZipFile(made) as archive:
        assert archive.testzip() is None
        assert sorted(archive.namelist()) == ["deep/page.html", "items.csv"]


def test_an_attempt_without_files_has_none():
    attempt = make_attempt()
    assert artifacts.files(attempt) == []
    with pytest.raises(artifacts.NoSuchFile):
        artifacts.open_file(attempt, "x")
