"""Seals secrets: encrypted, authenticated, and good for the row they were sealed for only."""

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache

from django_cryptography.core.signing import BadSignature, FernetSigner
from django_cryptography.utils.crypto import FernetBytes, InvalidToken

from tasks import fieldkeys

FORMAT = b"\x01"
ID_BYTES = 8
HEAD = len(FORMAT) + ID_BYTES
SALT = b"kumo field key 1"


class WrongKey(Exception):
    """A secret that no key at hand opens, or that belongs to another row."""


@dataclass(frozen=True)
class Key:
    """A field key made ready for use; `id` names it without giving it away."""

    id: bytes
    box: FernetBytes


@lru_cache(maxsize=8)
def derived(text: str) -> Key:
    """Return the key of this text. It takes 40 ms, once a process: a written key may be weak."""
    made = hashlib.scrypt(text.encode(), salt=SALT, n=2**14, r=8, p=1, dklen=64 + ID_BYTES)
    # The library signs with Django's secret key unless it is told otherwise.
    return Key(id=made[64:], box=FernetBytes(made[:32], FernetSigner(made[32:64])))


def seal(value: str, identity: str) -> bytes:
    """Return `value` sealed with the current key for the row that `identity` names."""
    key = derived(fieldkeys.current())
    return FORMAT + key.id + key.box.encrypt(json.dumps([identity, value]))


def unseal(sealed: bytes, identity: str) -> str:
    """Return the value sealed for `identity`; raises WrongKey, never gives anything else."""
    sealed = bytes(sealed or b"")
    for text in fieldkeys.known():
        key = derived(text)
        if sealed[:HEAD] == FORMAT + key.id:
            return opened(key, sealed[HEAD:], identity)
    raise WrongKey(identity)


def opened(key: Key, token: bytes, identity: str) -> str:
    try:
        sealed_for, value = json.loads(key.box.decrypt(token))
    except (BadSignature, InvalidToken, ValueError):
        raise WrongKey(identity) from None
    if sealed_for != identity:
        raise WrongKey(identity)
    return value


def is_current(sealed: bytes) -> bool:
    """Tell whether it was sealed with the key that is sealed with now."""
    return bytes(sealed or b"")[:HEAD] == FORMAT + derived(fieldkeys.current()).id
