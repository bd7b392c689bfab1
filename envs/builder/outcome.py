"""How a build ended."""

import json
from dataclasses import asdict, dataclass, field, fields

READY, FAILED, CANCELED = "ready", "failed", "canceled"


@dataclass(frozen=True)
class Outcome:
    """The end of a build; times are seconds since 1970, `phases` says seconds by phase.

    `reason` is "" for a ready one, else a code of `reasons.py`, and `detail` the words of
    the installer. `lock` is the resolved list and `lock_hash` names it together with the
    Python and the platform: equal hashes are equal environments.
    """

    key: str
    status: str
    reason: str = ""
    detail: str = ""
    phase: str = ""
    interpreter: str = ""
    python_version: str = ""
    lock: str = ""
    lock_hash: str = ""
    packages: list[dict[str, str]] = field(default_factory=list)
    size_bytes: int = 0
    phases: dict[str, float] = field(default_factory=dict)
    started_at: float = 0.0
    finished_at: float = 0.0

    @property
    def is_ready(self) -> bool:
        return self.status == READY

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "Outcome":
        known = {one.name for one in fields(cls)}
        return cls(**{name: value for name, value in json.loads(text).items() if name in known})
