import base64
import functools
import http.server
import subprocess
import threading

import pytest

from envs import builder
from envs.builder.locks import lock_hash
from tests.envs.builder.wheels import sdist, simple_index, wheel

DEPENDS_ON_COMPILER = """
import subprocess
def build_wheel(*arguments, **more):
    raise SystemExit("error: command 'gcc' failed: No such file or directory")
"""


def version_of(outcome, module):
    code = f"import {module}; print({module}.VERSION)"
    done = subprocess.run([outcome.interpreter, "-I", "-c", code], capture_output=True, check=True)
    return done.stdout.decode().strip()


def test_it_builds_an_environment_and_records_it(workshop):
    directory, outcome = workshop.build("one", "alpha\nbeta<2  # the old one\n")

    assert (outcome.status, outcome.reason) == ("ready", "")
    assert outcome.packages == [
        {"name": "alpha", "version": "1.0"},
        {"name": "beta", "version": "1.0"},
    ]
    assert outcome.lock.split() == ["alpha==1.0", "beta==1.0"]
    assert list(outcome.phases) == ["resolve", "venv", "install", "verify", "record"]
    assert outcome.started_at <= outcome.finished_at
    assert outcome.size_bytes > 0
    assert version_of(outcome, "beta") == "1.0"
    assert outcome == builder.read_outcome(directory)
    assert "==> install" in workshop.log(directory)


def test_an_empty_list_gives_a_bare_python(workshop):
    _directory, outcome = workshop.build("bare")

    assert (outcome.status, outcome.packages, outcome.lock) == ("ready", [], "")


def test_the_same_lock_is_named_alike_and_costs_no_new_copy(workshop):
    first_directory, first = workshop.build("first", "alpha")
    second_directory, second = workshop.build("second", "beta\nalpha==1.0", is_offline=True)

    assert first.lock_hash == second.lock_hash
    files = [next(one.rglob("alpha.py")) for one in (first_directory, second_directory)]
    assert files[0].stat().st_ino == files[1].stat().st_ino


def test_a_given_lock_is_installed_as_it_is(workshop):
    _directory, first = workshop.build("first", "alpha\nbeta<2")
    _directory, second = workshop.build("second", "alpha", lock=first.lock)

    assert (second.lock, second.lock_hash) == (first.lock, first.lock_hash)
    assert second.packages == first.packages


def test_the_name_of_a_lock_follows_packages_python_and_platform():
    one = lock_hash("a==1\nb==2\n", "3.11.2", "linux")

    assert lock_hash("b==2\n\n  a==1", "3.11.2", "linux") == one
    assert lock_hash("a==1\nb==2\n", "3.12.0", "linux") != one
    assert lock_hash("a==1\nb==2\n", "3.11.2", "mac") != one
    assert lock_hash("a==1\nb==3\n", "3.11.2", "linux") != one


def test_files_of_the_project_are_included(workshop):
    files = {"conf/base.txt": "alpha\n", "limits.txt": "beta<2\n"}
    _directory, outcome = workshop.build("files", "-r conf/base.txt\n-c limits.txt\n", files=files)

    assert outcome.lock.split() == ["alpha==1.0", "beta==1.0"]


@pytest.mark.parametrize(
    ("requirements", "more", "reason", "phase"),
    [
        ("nothing-such==1", {}, "no_match", "resolve"),
        ("beta==9", {}, "no_match", "resolve"),
        ("alpha\nbeta<1", {}, "conflict", "resolve"),
        ("what is this", {}, "bad_requirement", "resolve"),
        ("-r gone.txt", {}, "bad_requirement", "resolve"),
        ("beta", {"python": "/nowhere/python"}, "no_python", "resolve"),
        ("beta", {"timeout": 0}, "timeout", "resolve"),
    ],
)
def test_it_says_why_a_build_failed(workshop, requirements, more, reason, phase):
    wheel(workshop.wheels, "beta", "0.5")
    directory, outcome = workshop.build("bad", requirements, **more)

    assert (outcome.status, outcome.reason, outcome.phase) == ("failed", reason, phase)
    assert outcome.detail or reason == "timeout"
    assert not (directory / "venv").exists()


def test_a_missing_compiler_is_named(workshop):
    sdist(workshop.wheels, "gamma", "1.0", DEPENDS_ON_COMPILER)

    _directory, outcome = workshop.build("gamma", "gamma")

    assert (outcome.status, outcome.reason) == ("failed", "needs_compiler")
    assert "gcc" in outcome.detail


def test_hashes_that_people_gave_must_hold(workshop):
    directory, outcome = workshop.build("hash", f"beta==1.0 --hash=sha256:{'0' * 64}")

    assert (outcome.status, outcome.reason) == ("failed", "hash_mismatch")
    assert not (directory / "venv").exists()


class Index(http.server.SimpleHTTPRequestHandler):
    """A package index that wants a password."""

    asked_by = base64.b64encode(b"kumo:s3cr3t-word").decode()

    def do_GET(self):
        if self.headers.get("Authorization") == f"Basic {self.asked_by}":
            return super().do_GET()
        self.send_response(401)
        self.send_header("WWW-Authenticate", "Basic")
        self.end_headers()
        return None

    def log_message(self, *arguments):
        pass


@pytest.fixture
def index(tmp_path):
    root = tmp_path / "index"
    simple_index(root / "simple", *sorted((tmp_path / "wheels").glob("*.whl")))
    handler = functools.partial(Index, directory=str(root))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def test_it_installs_from_an_index_whose_password_stays_secret(workshop, index):
    url = f"http://kumo:s3cr3t-word@127.0.0.1:{index}/simple"
    directory, outcome = workshop.build(
        "index", "alpha", index_url=url, find_links=[], has_index=True
    )

    assert outcome.status == "ready", outcome.detail
    assert outcome.lock.split() == ["alpha==1.0", "beta==2.0"]
    for path in directory.rglob("*"):
        if path.is_file() and not path.is_symlink():
            assert b"s3cr3t-word" not in path.read_bytes(), path


def test_a_refused_password_is_a_failure_without_the_password(workshop, index):
    url = f"http://kumo:wr0ng-word@127.0.0.1:{index}/simple"
    directory, outcome = workshop.build(
        "refused", "alpha", index_url=url, find_links=[], has_index=True
    )

    assert outcome.status == "failed"
    assert "wr0ng-word" not in outcome.to_json() + workshop.log(directory)


def test_an_index_that_is_not_there_is_a_network_failure(workshop):
    _directory, outcome = workshop.build(
        "cut", "alpha", index_url="http://127.0.0.1:9/simple", find_links=[], has_index=True
    )

    assert (outcome.status, outcome.reason) == ("failed", "network")
