import os

import pytest
from django.conf import settings as kumo_settings


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    """A data directory for each test alone."""
    directory = tmp_path / "home"
    (directory / "keys").mkdir(mode=0o700, parents=True)
    settings.KUMO_HOME = directory
    return directory


@pytest.fixture(autouse=True)
def quick(settings):
    """Passwords are hashed quickly and static files are found where they are written."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    """SQLite's test database is a file: threads and processes share it, as they do in use."""
    database = kumo_settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database["TEST"]["NAME"] = os.path.join(os.environ["KUMO_HOME"], "test.sqlite3")


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb):
    """PostgreSQL's test database goes with its server: threads of servers may still hold it."""
    is_server = not kumo_settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")
    return django_db_keepdb or is_server
