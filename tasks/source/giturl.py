"""Addresses and names of git that are safe to hand to git."""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from tasks.source.errors import BadSource

PROTOCOLS = ("https", "ssh")
HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\]")
USER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
SHORT_SSH = re.compile(r"(?P<user>[^@/:]+)@(?P<host>[^@/:]+):(?P<path>[^:].*)")
BAD_IN_REF = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|/\.|\.lock(/|$)")


def check_url(url: str, protocols: Sequence[str] = PROTOCOLS) -> str:
    """Return the address without surrounding space, or raise BadSource.

    Allowed are https://host/path, ssh://user@host/path and its short form user@host:path;
    never a password or a token, which would be stored and shown.
    """
    url = url.strip()
    if not url or len(url) > 500 or any(ord(letter) <= 32 or ord(letter) == 127 for letter in url):
        raise BadSource("git_url")
    short = SHORT_SSH.fullmatch(url)
    if short and "://" not in url:
        return _check_short(url, short, protocols)
    try:
        parts = urlsplit(url)
        user, password, port = parts.username, parts.password, parts.port
    except ValueError:
        raise BadSource("git_url") from None
    if parts.scheme not in protocols or "::" in url.split("//")[0]:
        raise BadSource("git_protocol", parts.scheme)
    if password is not None or (user is not None and parts.scheme != "ssh"):
        raise BadSource("git_password")
    if user is not None and not USER.fullmatch(user):
        raise BadSource("git_url")
    if parts.query or parts.fragment or parts.path in ("", "/") or port == 0:
        raise BadSource("git_url")
    _check_host(parts.netloc.rpartition("@")[2], parts.scheme)
    return url


def check_ref(ref: str) -> str:
    """Return a branch, tag or full commit as given, or raise BadSource; empty is the default."""
    ref = ref.strip()
    if not ref:
        return ""
    if (
        len(ref) > 200
        or ref[0] in "-/+."
        or ref[-1] in "/."
        or ref == "@"
        or BAD_IN_REF.search(ref)
    ):
        raise BadSource("git_ref", ref)
    return ref


def _check_short(url: str, short: re.Match[str], protocols: Sequence[str]) -> str:
    if "ssh" not in protocols:
        raise BadSource("git_protocol", "ssh")
    if not USER.fullmatch(short["user"]) or short["path"].startswith("-"):
        raise BadSource("git_url")
    _check_host(short["host"], "ssh")
    return url


def _check_host(netloc: str, scheme: str) -> None:
    if scheme == "file":
        if netloc:
            raise BadSource("git_url")
        return
    if not HOST.fullmatch(re.sub(r":\d+$", "", netloc)):
        raise BadSource("git_url")
