"""Settings, each read by a process of its own, as they are in use."""

import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
# The names that kumo/settings.py reads, in all the ways in which it does.
READ = re.compile(r'variables\.(?:env\.)?\w+\(\s*"([A-Z_]+)"')


def read(home: Path, expression: str = "1", **variables: str) -> subprocess.CompletedProcess:
    """Read the settings in a new process with these variables, and print the expression."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KUMO_")}
    kept.pop("DATABASE_URL", None)
    code = f"from kumo import settings; print({expression})"
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=kept | {"KUMO_HOME": str(home / "read")} | variables,
        capture_output=True,
        text=True,
        timeout=120,
    )


def names_read() -> set[str]:
    return set(READ.findall((ROOT / "kumo" / "settings.py").read_text()))


def test_every_variable_is_in_the_page_of_settings():
    page = (ROOT / "docs" / "settings.md").read_text()
    assert set(re.findall(r"^\| `([A-Z_]+)`", page, re.MULTILINE)) == names_read()


def test_every_variable_is_in_the_example():
    example = (ROOT / ".env.example").read_text()
    assert set(re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE)) == names_read()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KUMO_BIND", "8000"),
        ("KUMO_BIND", "localhost:http"),
        ("KUMO_TLS", "perhaps"),
        ("KUMO_REDIS_URL", "http://localhost"),
        ("KUMO_SLOTS", "0"),
        ("KUMO_SLOTS", "many"),
        ("KUMO_WORKERS", "-1"),
        ("KUMO_NODE_NAME", "Node 1"),
        ("KUMO_SECRET_KEY", "short"),
        ("KUMO_FIELD_KEY", "short"),
        ("KUMO_LANGUAGE", "xx"),
        ("KUMO_TIME_ZONE", "Mars/Base"),
        ("KUMO_DEMO", "2"),
        ("KUMO_HOME", "/proc/none"),
    ],
)
def test_a_wrong_value_stops_the_start_and_says_its_name(tmp_path, name, value):
    answer = read(tmp_path, **{name: value})
    assert answer.returncode != 0
    assert f"WrongVariable: {name}: " in answer.stderr


def test_an_address_beyond_this_machine_needs_names(tmp_path):
    answer = read(tmp_path, KUMO_BIND="0.0.0.0:8000")
    assert "KUMO_ALLOWED_HOSTS" in answer.stderr
    answer = read(tmp_path, KUMO_BIND="0.0.0.0:8000", KUMO_ALLOWED_HOSTS="kumo.example.com")
    assert answer.returncode == 0


def test_keys_are_made_once_and_for_their_owner_alone(tmp_path):
    keys = "settings.SECRET_KEY, settings.KUMO_FIELD_KEY"
    first, second = read(tmp_path, keys), read(tmp_path, keys)
    assert first.stdout == second.stdout != ""
    for file in (tmp_path / "read" / "keys").iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_key_that_others_can_read_stops_the_start(tmp_path):
    read(tmp_path)
    (tmp_path / "read" / "keys" / "field_key").chmod(0o644)
    assert "KUMO_FIELD_KEY: others can read" in read(tmp_path).stderr


def test_with_tls_cookies_are_secure(tmp_path):
    answer = read(tmp_path, "settings.SESSION_COOKIE_SECURE", KUMO_TLS="1")
    assert answer.stdout == "True\n"


def test_debug_is_off(tmp_path):
    assert read(tmp_path, "settings.DEBUG").stdout == "False\n"
