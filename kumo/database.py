"""How the web process holds its database connections, and one lock for all hosts."""

import contextlib

from django.db import DEFAULT_DB_ALIAS, connection, connections

LARGEST_POOL = 16
POOL_TIMEOUT = 10
PREPARATION_LOCK = 0x4B756D70


def prepare_for_pages() -> None:
    """Let every request give its connection back; on PostgreSQL to a pool.

    For the web process alone, before its first query: threads come and go there, and a kept
    connection would be lost with its thread. A pool does not survive Django-Q2's forks.
    """
    connections.close_all()
    database = connections.settings[DEFAULT_DB_ALIAS]
    database["CONN_MAX_AGE"] = 0
    if connection.vendor == "postgresql":
        database["OPTIONS"] = database["OPTIONS"] | {
            "pool": {"min_size": 1, "max_size": LARGEST_POOL, "timeout": POOL_TIMEOUT}
        }


@contextlib.contextmanager
def one_at_a_time():
    """Exclude every other host that prepares the same PostgreSQL database."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [PREPARATION_LOCK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [PREPARATION_LOCK])
