"""Tells from the end of a log why a run failed: pure text work."""

import hashlib
import re
from dataclasses import dataclass

COLOUR = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
TRACEBACK = "Traceback (most recent call last):"
FRAME = re.compile(r'^\s*File "([^"]+)", line \d+, in (.+)$')
PYTHON_ERROR = re.compile(r"^((?:[A-Za-z_]\w*\.)*[A-Z]\w*)(?:: (.*))?$")
NODE_ERROR = re.compile(r"^(?:Uncaught )?([A-Z]\w*(?:Error|Exception)): (.+)$")
NODE_FRAME = re.compile(r"^\s+at (?:(\S+) \()?([^()]+?):\d+:\d+\)?$")
SHELL_ERROR = re.compile(
    r"^(?:\S+: )?(?:line \d+: )?(\S+): (command not found|No such file or directory)$"
)
LOGGED_ERROR = re.compile(r"\b(?:ERROR|CRITICAL|FATAL)\b[\]:]*\s*(.+)$")
OF_OTHERS = ("site-packages", "/lib/python", "<frozen", "node_modules", "node:")
VARYING = (
    (re.compile(r"https?://\S+"), "<url>"),
    (re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}\b", re.IGNORECASE), "<id>"),
    (re.compile(r"0x[0-9a-f]+", re.IGNORECASE), "<address>"),
    (re.compile(r"\b[0-9a-f]{12,}\b", re.IGNORECASE), "<hash>"),
    (re.compile(r"(?:/[\w.@-]+){2,}"), "<path>"),
    (re.compile(r"\d+"), "#"),
)
LONGEST = 160


@dataclass(frozen=True)
class Cause:
    """An error's type, its message, and where in the project it came up; texts may be empty."""

    kind: str
    message: str = ""
    place: str = ""

    @property
    def title(self) -> str:
        told = f"{self.kind}: {self.message}" if self.message else self.kind
        return told[:LONGEST]

    @property
    def fingerprint(self) -> str:
        """Sixteen characters that are the same for the same reason, whatever varies in it."""
        text = "\0".join((self.kind, normalised(self.message), self.place))
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def normalised(message: str) -> str:
    """Return the message without what differs from run to run: numbers, addresses, paths."""
    for pattern, word in VARYING:
        message = pattern.sub(word, message)
    return message[:LONGEST]


def cause(lines: list[str]) -> Cause | None:
    """Return what the last lines of a log say about the failure, or None when they say nothing."""
    lines = [COLOUR.sub("", line).rstrip() for line in lines]
    return python_cause(lines) or node_cause(lines) or shell_cause(lines) or logged_cause(lines)


def python_cause(lines: list[str]) -> Cause | None:
    starts = [place for place, line in enumerate(lines) if line.endswith(TRACEBACK)]
    for start in reversed(starts):
        place = ""
        for line in lines[start + 1 :]:
            if frame := FRAME.match(line):
                if not any(part in frame[1] for part in OF_OTHERS):
                    place = f"{frame[1].rsplit('/', 1)[-1]} {frame[2]}"
            elif line and not line[0].isspace():
                found = PYTHON_ERROR.match(line)
                if found:
                    return Cause(found[1].rsplit(".", 1)[-1], found[2] or "", place)
                break
    return None


def node_cause(lines: list[str]) -> Cause | None:
    for place, line in reversed(list(enumerate(lines))):
        error = NODE_ERROR.match(line)
        frames = [NODE_FRAME.match(each) for each in lines[place + 1 : place + 8]]
        frames = [each for each in frames if each]
        if error and frames:
            own = [each for each in frames if not any(part in each[2] for part in OF_OTHERS)]
            where = f"{own[0][2].rsplit('/', 1)[-1]} {own[0][1] or ''}".strip() if own else ""
            return Cause(error[1], error[2], where)
    return None


def shell_cause(lines: list[str]) -> Cause | None:
    for line in reversed(lines[-20:]):
        if found := SHELL_ERROR.match(line):
            return Cause(found[2], found[1])
    return None


def logged_cause(lines: list[str]) -> Cause | None:
    for line in reversed(lines[-50:]):
        if found := LOGGED_ERROR.search(line):
            return Cause("ERROR", found[1][:LONGEST])
    return None
