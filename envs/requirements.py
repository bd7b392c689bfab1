"""Checks a requirements text line by line, as pip and uv would read it."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from packaging.requirements import InvalidRequirement, Requirement

MAX_BYTES = 256 * 1024
URL_SCHEMES = ("https",)
INCLUDE = re.compile(r"(-r|-c|--requirement|--constraint)(?:\s*=?\s*)(?P<path>\S.*)")
HASH = re.compile(r"--hash[= ](?P<hash>\S+)")
GOOD_HASH = re.compile(
    r"(sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})", re.IGNORECASE
)
ARCHIVE = re.compile(r"\.(whl|zip|tar\.gz)\b")
COMMENT = re.compile(r"(^|\s)#.*$")


@dataclass(frozen=True)
class Problem:
    """What is wrong with a line, counted from 1; the words are made from `code` elsewhere."""

    line: int
    code: str
    detail: str = ""


@dataclass(frozen=True)
class Line:
    """A logical line: comments gone, continuations joined, numbered by its first line."""

    number: int
    text: str


def check(
    text: str, files: Collection[str] = (), url_schemes: Collection[str] = URL_SCHEMES
) -> list[Problem]:
    """Return what is wrong with `text`; empty when it may be built.

    `files` are the paths that -r and -c may name. Packages by address are allowed from
    `url_schemes`. Codes: too_long, control, variable, option, include, path, url,
    url_password, hash, invalid.
    """
    if len(text.encode(errors="replace")) > MAX_BYTES:
        return [Problem(0, "too_long", str(MAX_BYTES))]
    problems = []
    for line in lines(text):
        problem = _problem(line.text, files, url_schemes)
        if problem:
            problems.append(Problem(line.number, *problem))
    return problems


def normalise(text: str) -> str:
    """Return a checked text in one spelling: a requirement a line, without comments."""
    spelled = [_spelled(line.text) for line in lines(text)]
    return "".join(f"{line}\n" for line in spelled)


def has_hashes(text: str) -> bool:
    return any(HASH.search(line.text) for line in lines(text))


def lines(text: str) -> Iterator[Line]:
    """Yield the logical lines that say something."""
    number, parts = 0, []
    for count, raw in enumerate(text.splitlines(), start=1):
        number = number if parts else count
        stripped = COMMENT.sub("", raw).strip()
        if stripped.endswith("\\"):
            parts.append(stripped[:-1].strip())
            continue
        joined = " ".join(part for part in [*parts, stripped] if part)
        parts = []
        if joined:
            yield Line(number, joined)
    if any(parts):
        yield Line(number, " ".join(part for part in parts if part))


def _problem(text: str, files: Collection[str], schemes: Collection[str]) -> tuple | None:
    if any(ord(letter) < 32 and letter != "\t" for letter in text):
        return "control", ascii(text)
    # Installers put environment variables in: theirs would leak, ours are not meant.
    if re.search(r"\$\{\w+\}", text):
        return "variable", text
    if text.startswith("-"):
        return _option_problem(text, files)
    hashes = HASH.findall(text)
    bad = [value for value in hashes if not GOOD_HASH.fullmatch(value)]
    if bad:
        return "hash", bad[0]
    bare = HASH.sub("", text).strip()
    if re.search(r"\s--?\w", bare):
        return "option", re.search(r"\s(--?[\w-]+)", bare)[1]
    return _requirement_problem(bare, schemes)


def _option_problem(text: str, files: Collection[str]) -> tuple | None:
    include = INCLUDE.fullmatch(text)
    if not include:
        return "option", text.split()[0].split("=")[0]
    path = PurePosixPath(include["path"].strip())
    if ".." in path.parts or str(path) not in files:
        return "include", str(path)
    return None


def _requirement_problem(text: str, schemes: Collection[str]) -> tuple | None:
    try:
        requirement = Requirement(text)
    except InvalidRequirement as error:
        if "://" in text.split(";")[0] and "@" not in text.split("://")[0]:
            return "url", text
        if re.match(r"[./~]|\w+/", text) or ARCHIVE.search(text):
            return "path", text
        return "invalid", str(error).splitlines()[0]
    if ARCHIVE.search(requirement.name):
        return "path", text
    return _url_problem(requirement.url, schemes) if requirement.url else None


def _url_problem(url: str, schemes: Collection[str]) -> tuple | None:
    try:
        parts = urlsplit(url)
        has_user = "@" in parts.netloc
    except ValueError:
        return "url", url
    if has_user:
        return "url_password", parts.hostname or ""
    if parts.scheme not in schemes or not parts.netloc:
        return "url", url
    return None


def _spelled(text: str) -> str:
    if text.startswith("-"):
        return " ".join(text.split())
    requirement = str(Requirement(HASH.sub("", text).strip()))
    hashes = sorted(f"--hash={value.lower()}" for value in HASH.findall(text))
    return " ".join([requirement, *hashes])
