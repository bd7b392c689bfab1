"""Reads what a conda environment is to hold: an environment.yml, or a line for each package."""

import re
from dataclasses import dataclass, field

import yaml

# A name, with a version or a build behind it, as conda's command line takes them.
PACKAGE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*(\s*[=<>!~,|*.\w-]+)*\Z")
CHANNEL = re.compile(r"(https?://|file:///)?[\w.@/:+-]+\Z")
MOST = 1000


@dataclass
class Problem:
    """What cannot be used: its line, 0 for the whole text, and a code with its detail."""

    line: int
    code: str
    detail: str = ""


@dataclass
class CondaSpec:
    """Channels in their order, conda's packages, and those that pip brings."""

    channels: list[str] = field(default_factory=list)
    packages: list[str] = field(default_factory=list)
    pip: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def parse(text: str) -> CondaSpec:
    """Return what the text asks for, and what is wrong with it.

    Lines are packages of conda, or `channel: NAME`, or `pip: REQUIREMENT`; comments begin with #.
    """
    spec = from_yaml(text) if re.search(r"^dependencies\s*:", text, re.MULTILINE) else None
    spec = spec or from_lines(text)
    for channel in spec.channels:
        if not CHANNEL.match(channel) or channel.startswith("-"):
            spec.problems.append(Problem(0, "channel", channel[:100]))
    for package in spec.packages:
        if not PACKAGE.match(package):
            spec.problems.append(Problem(0, "invalid", package[:100]))
    if len(spec.packages) + len(spec.pip) > MOST:
        spec.problems.append(Problem(0, "too_many", str(MOST)))
    return spec


def from_yaml(text: str) -> CondaSpec:
    spec = CondaSpec()
    try:
        found = yaml.safe_load(text)
        spec.channels = [str(each) for each in found.get("channels") or []]
        for each in found.get("dependencies") or []:
            if isinstance(each, dict):
                spec.pip += [str(line) for line in each.get("pip") or []]
            else:
                spec.packages.append(str(each))
    except (yaml.YAMLError, AttributeError, TypeError) as problem:
        spec.problems.append(Problem(0, "yaml", str(problem)[:200]))
    # pip is what brings the others, and conda must be told of it itself.
    spec.packages = [each for each in spec.packages if each != "pip" or not spec.pip]
    return spec


def from_lines(text: str) -> CondaSpec:
    spec = CondaSpec()
    for line in text.splitlines():
        wanted = line.split(" #")[0].strip()
        kind, colon, rest = wanted.partition(":")
        if not wanted or wanted.startswith("#"):
            continue
        if colon and kind == "channel":
            spec.channels.append(rest.strip())
        elif colon and kind == "pip":
            spec.pip.append(rest.strip())
        else:
            spec.packages.append(wanted)
    return spec
