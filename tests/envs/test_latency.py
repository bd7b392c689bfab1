import socket
import threading

import pytest

from envs import latency
from envs.models import PackageIndex


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """However busy the machine is, answers of this test's own servers come in time."""
    monkeypatch.setattr(latency, "TIMEOUT", 60.0)


def test_an_index_that_answers_is_timed(index_url):
    answer = latency.ask(index_url.replace("/simple", ""))
    refused = (answer.status, answer.problem)

    assert refused == (404, "refused")
    assert answer.milliseconds >= 0


def test_every_address_is_asked(index_url, monkeypatch):
    monkeypatch.setattr(latency, "ASKED_FOR", "beta")
    index = PackageIndex(url=f"{index_url}/", extra_urls=f"{index_url}\n\nhttp://127.0.0.1:9/\n")

    answers = latency.measure(index)
    assert [answer.problem for answer in answers] == ["", "", "unreachable"]
    assert [answer.status for answer in answers] == [200, 200, 0]


def test_one_that_never_answers_is_given_up(monkeypatch):
    monkeypatch.setattr(latency, "TIMEOUT", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        answer = latency.ask(f"http://127.0.0.1:{silent.getsockname()[1]}/simple")

    assert answer.problem == "timeout"


def test_one_that_cannot_be_reached_is_told():
    assert latency.ask("http://127.0.0.1:1/simple").problem == "unreachable"


def test_one_that_talks_nonsense_is_no_index():
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=talk_nonsense, args=(server,))
        thread.start()
        answer = latency.ask(f"http://127.0.0.1:{server.getsockname()[1]}/simple")
        thread.join()

    assert answer.problem == "unreachable"


def talk_nonsense(server):
    connection, _address = server.accept()
    with connection:
        connection.recv(1000)
        connection.sendall(b"nonsense\r\n\r\n")
