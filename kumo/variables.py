"""Reads Kumo's settings from the environment and says by name which value is wrong."""

import os
import secrets
import stat
import zoneinfo
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured


class WrongVariable(ImproperlyConfigured):
    """A variable whose value Kumo cannot use; the message names it and says what would do."""

    def __init__(self, name: str, advice: str):
        super().__init__(f"{name}: {advice}")


class Variables:
    """The environment and the `.env` file beside `manage.py`, each value checked as it is read."""

    def __init__(self, base: Path):
        self.env = environ.Env()
        if (base / ".env").is_file():
            self.env.read_env(base / ".env")

    def text(self, name: str, default: str = "") -> str:
        return self.env.str(name, default=default).strip()

    def flag(self, name: str, default: bool = False) -> bool:
        value = self.text(name, "1" if default else "0").lower()
        if value in {"1", "true", "yes", "on"}:
            return True
        if value in {"", "0", "false", "no", "off"}:
            return False
        raise WrongVariable(name, f"write 1 or 0, not {value!r}.")

    def number(self, name: str, default: int, least: int, most: int) -> int:
        value = self.text(name, str(default))
        if not value.isascii() or not value.isdigit() or not least <= int(value) <= most:
            raise WrongVariable(
                name, f"write a whole number from {least} to {most}, not {value!r}."
            )
        return int(value)

    def choice(self, name: str, default: str, choices: tuple[str, ...]) -> str:
        value = self.text(name, default)
        if value not in choices:
            raise WrongVariable(name, f"write one of {', '.join(choices)}, not {value!r}.")
        return value

    def names(self, name: str) -> list[str]:
        return [part.strip() for part in self.text(name).split(",") if part.strip()]

    def address(self, name: str, default: str) -> tuple[str, int]:
        """Return host and port of a `HOST:PORT` value."""
        return address(name, self.text(name, default))

    def zone(self, name: str, default: str) -> str:
        value = self.text(name, default)
        try:
            zoneinfo.ZoneInfo(value)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
            raise WrongVariable(
                name, f"write an IANA zone such as Asia/Shanghai, not {value!r}."
            ) from None
        return value

    def url(self, name: str, schemes: tuple[str, ...]) -> str:
        value = self.text(name)
        if value and value.split("://")[0] not in schemes:
            raise WrongVariable(
                name, f"write an address that begins with {' or '.join(schemes)}://."
            )
        return value

    def home(self, name: str, default: Path) -> Path:
        """Return the absolute data directory, made for its owner alone when it is not there."""
        path = Path(self.text(name, str(default))).expanduser().absolute()
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise WrongVariable(name, f"cannot make {path}: {error.strerror}.") from None
        return path

    def key(self, name: str, file: Path) -> str:
        """Return a key from the environment, else from its file, made at the first start."""
        value = self.text(name)
        if value:
            if len(value) < 32:
                raise WrongVariable(name, "write at least 32 characters that nobody can guess.")
            return value
        return read_key(name, file)


def address(name: str, value: str) -> tuple[str, int]:
    """Return host and port; raises WrongVariable by the name of where the value stands."""
    host, _, port = value.rpartition(":")
    if not host or not (port.isascii() and port.isdigit()) or int(port) > 65535:
        raise WrongVariable(name, f"write HOST:PORT, for example 127.0.0.1:8000, not {value!r}.")
    return host.strip("[]"), int(port)


def read_key(name: str, file: Path) -> str:
    file.parent.mkdir(mode=0o700, exist_ok=True)
    try:
        with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new:
            new.write(secrets.token_urlsafe(48) + "\n")
    except FileExistsError:
        pass
    if stat.S_IMODE(file.stat().st_mode) & 0o077:
        raise WrongVariable(name, f"others can read {file}. Run: chmod 600 {file}")
    value = file.read_text().strip()
    if len(value) < 32:
        raise WrongVariable(name, f"{file} is empty or damaged. Restore it from a backup.")
    return value
