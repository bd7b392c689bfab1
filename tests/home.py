"""Gives a test run its own data directory and database before Kumo's settings are read.

Loaded as a plugin (`-p tests.home`), because the settings are read before any conftest.py.
"""

import atexit
import os
import shutil
import tempfile

from tests import databases

for variable in [*os.environ]:
    if variable.startswith("KUMO_") and not variable.startswith("KUMO_TEST_"):
        del os.environ[variable]

directory = tempfile.mkdtemp(prefix="kumo-tests-")
atexit.register(shutil.rmtree, directory, ignore_errors=True)
os.environ["KUMO_HOME"] = directory
os.mkdir(f"{directory}/static")
os.environ["KUMO_NODE_NAME"] = "here"
os.environ["DATABASE_URL"] = (
    databases.start()
    if os.environ.get("KUMO_TEST_DATABASE") == "postgres"
    else f"sqlite:///{directory}/db.sqlite3"
)
