"""Turns at writing, on a database file that another connection holds."""

import sqlite3
import threading

import pytest
from django.db import OperationalError, connections, transaction

from kumo.sqlite3.base import DatabaseWrapper


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "turns.sqlite3"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE note (text)")
    connection.close()
    return path


@pytest.fixture
def kept(file):
    """A connection as Kumo makes it, which waits a second at most."""
    settings = connections.settings["default"] | {
        "ENGINE": "kumo.sqlite3",
        "NAME": str(file),
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 1},
    }
    connections.settings["turns"] = settings
    connections["turns"] = made = DatabaseWrapper(settings, "turns")
    yield made
    made.close()
    del connections["turns"], connections.settings["turns"]


@pytest.fixture
def other(file):
    """Another process's connection, which holds the database."""
    connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    connection.execute("BEGIN IMMEDIATE")
    yield connection
    connection.close()


@pytest.fixture(autouse=True)
def _unblocked(django_db_blocker):
    with django_db_blocker.unblock():
        yield


def write(connection) -> None:
    with transaction.atomic(using="turns"), connection.cursor() as cursor:
        cursor.execute("INSERT INTO note VALUES ('mine')")


def test_it_takes_its_turn_when_the_other_is_done(kept, other):
    begun = threading.Event()
    ending = threading.Thread(target=lambda: begun.wait(60) and other.execute("COMMIT"))
    ending.start()
    begun.set()
    write(kept)
    ending.join()
    with kept.cursor() as cursor:
        assert cursor.execute("SELECT count(*) FROM note").fetchone() == (1,)


def test_it_gives_up_after_its_time(kept, other):
    with pytest.raises(OperationalError, match="locked"):
        write(kept)


def test_single_statements_still_wait_as_sqlite_does(kept, other):
    with pytest.raises(OperationalError):
        write(kept)
    with kept.cursor() as cursor:
        assert cursor.execute("PRAGMA busy_timeout").fetchone() == (1000,)
