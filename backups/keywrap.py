"""The field key under a passphrase, so that a backup can bring secrets back and give none away."""

import base64
import os
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

FILE = "field_key.wrapped"
SALT_BYTES = 16


class WrongPassphrase(Exception):
    """The passphrase does not open the key."""


def lock(passphrase: str, salt: bytes) -> Fernet:
    derived = Scrypt(salt=salt, length=32, n=2**15, r=8, p=1).derive(passphrase.encode())
    return Fernet(base64.urlsafe_b64encode(derived))


def wrap(key: str, passphrase: str, into: Path) -> None:
    salt = os.urandom(SALT_BYTES)
    (into / FILE).write_bytes(salt + lock(passphrase, salt).encrypt(key.encode()))


def unwrap(file: Path, passphrase: str) -> str:
    """Return the key; raises WrongPassphrase."""
    data = file.read_bytes()
    try:
        return lock(passphrase, data[:SALT_BYTES]).decrypt(data[SALT_BYTES:]).decode()
    except InvalidToken:
        raise WrongPassphrase from None
