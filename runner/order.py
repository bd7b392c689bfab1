"""What a supervisor is told to start, and within which limits."""

import json
from dataclasses import asdict, dataclass, field, fields

HIDDEN = ("env", "secrets")


@dataclass(frozen=True)
class Order:
    """One attempt to start.

    `key` names the attempt and becomes KUMO_ATTEMPT_ID; `home` and `spool` are absolute paths;
    `env` is the spider's whole environment; `secrets` are masked in the log and never written;
    `source` is the revision to copy, `workdir` is relative to that copy; `bell` is the socket path
    of whoever wants to hear of start and end. Lengths are seconds, and 0 means no limit everywhere.
    """

    key: str
    home: str
    spool: str
    argv: list[str]
    env: dict[str, str] = field(default_factory=dict)
    secrets: list[str] = field(default_factory=list)
    source: str | None = None
    workdir: str = ""
    state_dir: str | None = None
    timeout: float = 0
    silence: float = 0
    stop_signal: str = "TERM"
    grace: float = 10
    log_limit: int = 2**30
    memory_limit_mb: int = 0
    max_processes: int = 0
    open_files: int = 0
    file_size_mb: int = 0
    bell: str = ""

    def to_json(self) -> str:
        """Return everything, secrets too: for a pipe or a socket, never for a file."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str | bytes) -> "Order":
        """Raises ValueError or TypeError for what is no order; unknown fields are passed over."""
        known = {each.name for each in fields(cls)}
        return cls(**{name: value for name, value in json.loads(text).items() if name in known})

    def public(self) -> dict:
        """Return what may be written to disk: the names of the variables, not their values."""
        shown = {each.name: getattr(self, each.name) for each in fields(self)}
        for name in HIDDEN:
            del shown[name]
        argv = [self._without_secrets(word) for word in self.argv]
        return shown | {"argv": argv, "variables": sorted(self.env)}

    def _without_secrets(self, word: str) -> str:
        for secret in filter(None, self.secrets):
            word = word.replace(secret, "******")
        return word
