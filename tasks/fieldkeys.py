"""The keys that secrets are sealed with, and their files while one takes the other's place."""

import contextlib
import fcntl
import os
import secrets
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

LEAST_LENGTH = 32


class RotationImpossible(Exception):
    """The key cannot be replaced from here; the message says what to do instead."""


class RotationGoing(Exception):
    """Another process replaces the key at this moment."""


def directory() -> Path:
    return settings.KUMO_HOME / "keys"


def is_from_environment() -> bool:
    """Tell whether the field key is given to Kumo's processes, and not kept in its own file."""
    return bool(os.environ.get("KUMO_FIELD_KEY", "").strip())


def current() -> str:
    """Return the key that is sealed with from now on.

    The files come before the settings: a process that was started before a rotation would
    otherwise go on sealing with a key that is thrown away.
    """
    if not is_from_environment():
        for name in ("field_key.new", "field_key"):
            if key := read(name):
                return key
    return settings.KUMO_FIELD_KEY


def known() -> list[str]:
    """Return every key that something may still be sealed with, the current one first."""
    kept = (read(name) for name in ("field_key.new", "field_key", "field_key.old"))
    keys = [current(), *filter(None, kept), settings.KUMO_FIELD_KEY]
    return list(dict.fromkeys(keys))


def read(name: str) -> str:
    """Return the key in this file, or an empty string where there is none."""
    try:
        key = (directory() / name).read_text().strip()
    except FileNotFoundError:
        return ""
    return key if len(key) >= LEAST_LENGTH else ""


@contextlib.contextmanager
def alone():
    """Let one process at a time replace the key; raises RotationGoing."""
    descriptor = os.open(directory(), os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise RotationGoing from None
    finally:
        os.close(descriptor)


def begin_rotation() -> bool:
    """Make the new key, unless an earlier rotation did; return False when there was one.

    Raises RotationImpossible where the key is given in the environment and the old one is not
    in `field_key.old`.
    """
    if is_from_environment():
        if not read("field_key.old"):
            raise RotationImpossible(
                _(
                    "KUMO_FIELD_KEY is set in the environment. Write its present value to "
                    "%(file)s (chmod 600), set a new one, start Kumo again and run rotatekeys "
                    "again."
                )
                % {"file": directory() / "field_key.old"}
            )
        return False
    if read("field_key.new") or read("field_key.old"):
        return False
    if not read("field_key"):
        write("field_key", settings.KUMO_FIELD_KEY)
    write("field_key.new", secrets.token_urlsafe(48))
    return True


def switch() -> None:
    """Put the new key in the old one's place; the old one stays readable as `field_key.old`."""
    new = directory() / "field_key.new"
    if is_from_environment() or not new.exists():
        return
    write("field_key.old", read("field_key"))
    new.replace(directory() / "field_key")
    sync()


def forget_old() -> None:
    with contextlib.suppress(FileNotFoundError):
        (directory() / "field_key.old").unlink()


def write(name: str, key: str) -> None:
    """Write a key file for its owner alone, whole or not at all."""
    directory().mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = directory() / f"{name}.part"
    temporary.unlink(missing_ok=True)
    with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(key + "\n")
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(directory() / name)
    sync()


def sync() -> None:
    """Make renames last through a power cut: no secret may be sealed with a key that is lost."""
    descriptor = os.open(directory(), os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
