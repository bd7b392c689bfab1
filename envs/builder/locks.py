"""Names environments by their content."""

import hashlib
from urllib.parse import urlsplit

from envs.builder.order import Order

# Version, kind, platform and home: an environment works with the Python it was made with only.
ASK_PYTHON = (
    "import json, sys, sysconfig; print(json.dumps(["
    "'.'.join(map(str, sys.version_info[:3])), sys.implementation.cache_tag, "
    "sysconfig.get_platform(), sys.base_prefix]))"
)


def lock_hash(lock: str, python_version: str, machine: str) -> str:
    """Return the name of an environment by its content: packages, Python, platform and origin."""
    lines = sorted(" ".join(line.split()) for line in lock.splitlines() if line.strip())
    parts = [python_version, machine, *lines]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def origins(order: Order) -> list[str]:
    """Return where packages come from, without passwords.

    The same version from another index may be another package, so it is not shared.
    """
    return [without_user(url) for url in [*order.indexes, *order.find_links]]


def without_user(url: str) -> str:
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
