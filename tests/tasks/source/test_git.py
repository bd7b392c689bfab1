import os
import socket
import subprocess
import threading
from types import SimpleNamespace

import pytest

from tasks.source.errors import BadSource
from tasks.source.git import clone
from tasks.source.limits import Limits

LOCAL = ("file",)


def git(directory, *arguments):
    environment = {
        "PATH": os.environ["PATH"],
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        **{
            f"GIT_{who}_{what}": "kumo@example.org"
            for who in ("AUTHOR", "COMMITTER")
            for what in ("NAME", "EMAIL")
        },
    }
    done = subprocess.run(
        ["git", *arguments], cwd=directory, env=environment, check=True, capture_output=True
    )
    return done.stdout.decode().strip()


@pytest.fixture
def repository(room):
    """A repository with a branch `next` and a tag `v1`, and how to add to it."""
    directory = room / "repository"
    directory.mkdir()
    git(directory, "init", "-q", "-b", "main")
    git(directory, "config", "uploadpack.allowAnySHA1InWant", "true")

    def commit(**files):
        for name, text in files.items():
            (directory / name).write_text(text)
        git(directory, "add", "-A")
        git(directory, "commit", "-q", "--allow-empty", "-m", "x")
        return git(directory, "rev-parse", "HEAD")

    first = commit(crawl="one")
    git(directory, "tag", "-a", "v1", "-m", "v1")
    commit(crawl="two")
    git(directory, "branch", "next")
    url = f"file://{directory}"
    return SimpleNamespace(directory=directory, url=url, commit=commit, first=first)


def brought(repository, room, ref="", **options):
    into = room / "into"
    commit = clone(repository.url, ref, into, protocols=LOCAL, timeout=60, **options)
    return commit, {path.name: path.read_text() for path in into.iterdir() if path.is_file()}


def refused(repository, room, ref="", **options):
    with pytest.raises(BadSource) as caught:
        brought(repository, room, ref, **options)
    assert os.listdir(room) == ["repository"]
    return caught.value.code


@pytest.mark.parametrize(("ref", "text"), [("", "two"), ("next", "two"), ("v1", "one")])
def test_it_brings_a_branch_or_tag_without_its_repository(repository, room, ref, text):
    commit, files = brought(repository, room, ref)

    assert files == {"crawl": text}
    assert len(commit) == 40
    assert not (room / "into" / ".git").exists()
    assert sorted(os.listdir(room)) == ["into", "repository"]


def test_it_brings_a_full_commit(repository, room):
    assert brought(repository, room, repository.first) == (repository.first, {"crawl": "one"})


def test_it_says_that_a_ref_or_repository_is_not_there(repository, room):
    assert refused(repository, room, "nothing") == "git_no_ref"
    repository.url += "-gone"
    assert refused(repository, room) == "git_no_repository"


def test_it_refuses_links(repository, room):
    (repository.directory / "passwd").symlink_to("/etc/passwd")
    repository.commit()
    assert refused(repository, room) == "link"


def test_it_refuses_what_is_too_big(repository, room):
    repository.commit(big="x" * 5000)
    assert refused(repository, room, limits=Limits(file_bytes=4000)) == "file_too_big"
    assert refused(repository, room, limits=Limits(files=1)) == "too_many_files"


def test_it_brings_no_submodule(repository, room):
    other = repository.directory / "module"
    other.mkdir()
    git(other, "init", "-q")
    git(other, "commit", "-q", "--allow-empty", "-m", "x")
    repository.commit()

    _commit, files = brought(repository, room)

    assert files == {"crawl": "two"}
    assert list((room / "into" / "module").iterdir()) == []


def test_it_runs_no_filter_of_the_repository(repository, room):
    trace = room / "repository" / "ran"
    git(repository.directory, "config", "filter.bad.smudge", f"touch {trace}; cat")
    (repository.directory / ".gitattributes").write_text("* filter=bad\n")
    repository.commit(crawl="three")

    _commit, files = brought(repository, room)

    assert files["crawl"] == "three"
    assert not trace.exists()


@pytest.fixture
def silent_server():
    """The address of a server that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/shop.git"


def test_it_ends_when_it_is_late(silent_server, room):
    with pytest.raises(BadSource, match="git_timeout"):
        clone(silent_server, "", room / "into", timeout=1, protocols=("http",))
    assert os.listdir(room) == []


def test_it_ends_when_it_is_canceled(silent_server, room):
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(BadSource, match="git_canceled"):
        clone(silent_server, "", room / "into", protocols=("http",), cancel=cancel)
    assert os.listdir(room) == []
