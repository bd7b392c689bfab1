"""The whole platform on this machine, from its start to its end."""

import os
import signal
import socket
import stat

import pytest
import requests

from tests.installation import Installation, is_alive, wait_for

pytestmark = pytest.mark.fault


@pytest.fixture(scope="module")
def standing(tmp_path_factory):
    """A Kumo that was started for the first time; tests look at it and leave it as it is."""
    installation = Installation(tmp_path_factory.mktemp("standing") / "home", is_fresh=True)
    installation.start()
    yield installation
    installation.end()


@pytest.fixture
def installation(tmp_path):
    """A Kumo for one test alone, which may break it."""
    made = Installation(tmp_path / "whole")
    made.start()
    yield made
    made.end()


def test_it_answers_where_it_says_it_is(standing):
    answer = requests.get(f"{standing.url}/healthz", timeout=60)
    assert (answer.status_code, answer.text) == (200, "ok\n")


def test_its_first_administrator_can_sign_in(standing):
    session = standing.sign_in()
    page = session.get(f"{standing.url}/admin/", timeout=60, allow_redirects=False)
    assert page.status_code == 200


def test_the_first_password_is_for_its_owner_alone(standing):
    mode = (standing.home / "first-password").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600
    assert standing.password not in standing.output_text()


def test_static_files_are_served(standing):
    page = requests.get(f"{standing.url}/admin/login/", timeout=60).text
    path = page.split('rel="stylesheet" href="')[1].split('"')[0]
    assert requests.get(standing.url + path, timeout=60).status_code == 200


def test_every_process_is_there(standing):
    names = {"launcher", "worker", "keeper", "clock", "web"}
    assert wait_for(lambda: set(standing.members()) == names)


def test_a_second_one_on_the_same_directory_says_so(standing):
    second = standing.manage("up", "--bind", "127.0.0.1:0")
    assert second.returncode == 1
    assert f"running on {standing.home} already (process {standing.process.pid})" in second.stderr


def test_a_port_that_is_taken_is_said(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        answer = Installation(tmp_path / "other").manage("up", "--bind", f"127.0.0.1:{port}")
    assert answer.returncode == 1
    assert f"Cannot listen on 127.0.0.1:{port}" in answer.stderr


@pytest.mark.parametrize("bind", ["8000", "127.0.0.1:70000"])
def test_an_address_that_is_none_is_said(tmp_path, bind):
    answer = Installation(tmp_path / "other").manage("up", "--bind", bind)
    assert answer.returncode == 1
    assert "write HOST:PORT" in answer.stderr


def test_it_does_not_open_to_the_world_by_mistake(tmp_path):
    answer = Installation(tmp_path / "other").manage("up", "--bind", "0.0.0.0:0")
    assert answer.returncode == 1
    assert "KUMO_ALLOWED_HOSTS" in answer.stderr


def test_it_ends_whole_and_starts_again(installation):
    before = installation.platform()
    assert installation.stop(signal.SIGINT) == 0
    assert not any(map(is_alive, before))
    password = installation.password
    installation.start()
    assert installation.sign_in()
    assert installation.password == password


def test_a_member_that_dies_is_started_again(installation):
    web = installation.members()["web"]
    web.kill()
    wait_for(lambda: installation.members().get("web", web) != web)
    # The address stayed open all the time: whoever asked meanwhile only waits.
    assert requests.get(f"{installation.url}/healthz", timeout=60).status_code == 200


def test_nothing_of_it_is_left_when_it_is_killed(installation):
    before = installation.platform()
    os.kill(installation.process.pid, signal.SIGKILL)
    installation.process.wait()
    wait_for(lambda: not any(map(is_alive, before)))
    installation.start()
    assert installation.sign_in()
