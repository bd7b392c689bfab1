"""Copies the database while it is written to, consistently, and puts copies back."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from django.apps import apps
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

SQLITE, POSTGRES = "database.sqlite3", "database.dump"
TIMEOUT = 3600


class DumpFailed(Exception):
    """The database could not be copied; the text is what its tool said."""


def dump(into: Path) -> None:
    """Write a consistent copy of the database below `into`."""
    if connection.vendor == "sqlite":
        dump_sqlite(Path(connection.settings_dict["NAME"]), into / SQLITE)
    else:
        run_tool("pg_dump", "--format=custom", f"--file={into / POSTGRES}")


def dump_sqlite(source: Path, target: Path) -> None:
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as read,
        closing(sqlite3.connect(target)) as written,
    ):
        # All pages in one step: a writer between two steps would make it begin again.
        read.backup(written)
        written.execute("PRAGMA journal_mode=DELETE")
    check_sqlite(target)


def check_sqlite(file: Path) -> None:
    with closing(sqlite3.connect(file)) as copy:
        answer = copy.execute("PRAGMA integrity_check").fetchone()[0]
        broken = copy.execute("PRAGMA foreign_key_check").fetchone()
    if answer != "ok" or broken:
        raise DumpFailed(answer if answer != "ok" else f"a row of {broken[0]} points nowhere")


def run_tool(program: str, *arguments: str) -> None:
    """Run a PostgreSQL tool on Kumo's database; the password goes by the environment."""
    path = shutil.which(program)
    if path is None:
        raise DumpFailed(f"{program} is not installed")
    told = connection.settings_dict
    env = {
        "PATH": os.environ.get("PATH", ""),
        "PGHOST": told["HOST"] or "localhost",
        "PGPORT": str(told["PORT"] or 5432),
        "PGUSER": told["USER"],
        "PGPASSWORD": told["PASSWORD"],
        "PGDATABASE": told["NAME"],
    }
    done = subprocess.run(
        [path, *arguments], env=env, capture_output=True, text=True, timeout=TIMEOUT, check=False
    )
    if done.returncode:
        raise DumpFailed(done.stderr.strip()[-2000:])


def counts() -> dict[str, int]:
    """Return the number of rows of each of Kumo's tables."""
    return {
        model._meta.label_lower: model.objects.count()
        for app in ("audit", "nodes", "envs", "tasks")
        for model in apps.get_app_config(app).get_models()
    }


def migrations() -> list[str]:
    applied = MigrationRecorder(connection).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in applied)


def load(content: Path) -> None:
    """Put the copy below `content` into Kumo's empty database."""
    if connection.vendor == "sqlite":
        target = Path(connection.settings_dict["NAME"])
        connection.close()
        for name in (target, Path(f"{target}-wal"), Path(f"{target}-shm")):
            name.unlink(missing_ok=True)
        shutil.copyfile(content / SQLITE, target)
        target.chmod(0o600)
    else:
        connection.close()
        run_tool(
            "pg_restore",
            "--clean",
            "--if-exists",
            "--no-owner",
            "--exit-on-error",
            f"--dbname={connection.settings_dict['NAME']}",
            str(content / POSTGRES),
        )
