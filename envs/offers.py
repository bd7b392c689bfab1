"""Offers an environment for the requirement files of a project."""

import posixpath
import re
import tomllib
from dataclasses import dataclass, field

import yaml
from packaging.requirements import InvalidRequirement, Requirement

from envs import requirements

INCLUDE = re.compile(r"(?:-r|--requirement)[\s=]*(?P<path>\S+)")
DEEPEST = 5
VERSION = re.compile(r"[=~>]{1,2}\s*(3\.\d{1,2})")


@dataclass
class Offer:
    """What an environment made from `source` would ask for.

    `python` is a version, or empty. `left_out` are lines of the file that an environment here
    cannot have: packages of conda, options, files that are not in the project.
    """

    source: str
    python: str = ""
    requirements: str = ""
    left_out: list[str] = field(default_factory=list)


def from_files(files: dict[str, str]) -> list[Offer]:
    """Return an offer for each file that has requirements; `files` are texts by path."""
    offers = (from_text(name, text, files) for name, text in sorted(files.items()))
    return [offer for offer in offers if offer.requirements or offer.left_out]


def from_text(name: str, text: str, files: dict[str, str] | None = None) -> Offer:
    """Return the offer for one file; `files` are those that its -r lines may name.

    A file that cannot be read gives an offer without requirements.
    """
    offer = Offer(source=name)
    base = posixpath.basename(name)
    try:
        if base == "pyproject.toml":
            lines = from_pyproject(text, offer)
        elif base.endswith((".yml", ".yaml")):
            lines = from_conda(text, offer)
        else:
            lines = flattened(name, text, files or {})
    except (tomllib.TOMLDecodeError, yaml.YAMLError, AttributeError, TypeError, ValueError):
        return offer
    keep(lines, offer)
    return offer


def keep(lines: list[str], offer: Offer) -> None:
    """Put each line where it belongs: into the requirements, or among what is left out."""
    good = []
    for line in lines:
        (offer.left_out if requirements.check(line) else good).append(line)
    offer.requirements = "".join(f"{line}\n" for line in dict.fromkeys(good))


def flattened(name: str, text: str, files: dict[str, str], depth: int = 0) -> list[str]:
    """Return the lines of a requirements file, those of the files it names in their place."""
    found = []
    for line in requirements.lines(text):
        include = INCLUDE.fullmatch(line.text)
        path = include and posixpath.normpath(
            posixpath.join(posixpath.dirname(name), include["path"])
        )
        if path in files and depth < DEEPEST:
            found += flattened(path, files[path], files, depth + 1)
        else:
            found.append(line.text)
    return found


def from_pyproject(text: str, offer: Offer) -> list[str]:
    project = tomllib.loads(text).get("project", {})
    offer.python = python_of(str(project.get("requires-python", "")))
    return [str(each) for each in project.get("dependencies", [])]


def from_conda(text: str, offer: Offer) -> list[str]:
    """Return the lines of the pip part; packages that only conda has are left out."""
    found = []
    for each in (yaml.safe_load(text) or {}).get("dependencies") or []:
        if isinstance(each, dict):
            found += [str(line) for line in each.get("pip") or []]
        elif is_python(str(each)):
            offer.python = python_of(str(each))
        elif str(each) != "pip":
            offer.left_out.append(str(each))
    return found


def is_python(line: str) -> bool:
    return bool(re.fullmatch(r"python\s*([=<>~!].*)?", line))


def python_of(text: str) -> str:
    """Return the version that is named first, like "3.11", or an empty string."""
    match = VERSION.search(text)
    return match[1] if match else ""


def missing_package(module: str) -> str:
    """Return the package to offer for a module that could not be imported, or empty."""
    name = PACKAGES.get(module.split(".")[0], module.split(".")[0])
    try:
        return Requirement(name).name
    except InvalidRequirement:
        return ""


# Where a package is not called as its module is.
PACKAGES = {
    "bs4": "beautifulsoup4",
    "cv2": "opencv-python-headless",
    "Crypto": "pycryptodome",
    "dateutil": "python-dateutil",
    "dotenv": "python-dotenv",
    "fake_useragent": "fake-useragent",
    "OpenSSL": "pyOpenSSL",
    "PIL": "pillow",
    "pymysql": "PyMySQL",
    "MySQLdb": "mysqlclient",
    "scrapy_redis": "scrapy-redis",
    "serial": "pyserial",
    "sklearn": "scikit-learn",
    "socks": "PySocks",
    "yaml": "PyYAML",
    "zmq": "pyzmq",
}
