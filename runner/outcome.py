"""How an attempt ended."""

import json
from dataclasses import dataclass, fields


@dataclass
class Outcome:
    """The end of an attempt; None where it is not known or does not apply.

    `status`: succeeded, failed, timed_out, canceled, start_failed or lost. `reason` is a code and
    `detail` what it is about. Times are seconds since 1970, `duration` is monotonic seconds.
    """

    status: str
    reason: str = ""
    detail: str = ""
    exit_code: int | None = None
    signal: int | None = None
    stop_reason: str = ""
    started_at: float | None = None
    finished_at: float | None = None
    duration: float | None = None
    survivors: int | None = None
    cpu_seconds: float | None = None
    peak_rss_bytes: int | None = None
    log_lines: int | None = None
    log_bytes: int | None = None
    dropped_bytes: int | None = None
    secrets_printed: int | None = None
    limits_held_by: str = ""

    def to_json(self) -> str:
        return json.dumps(vars(self))

    @classmethod
    def from_json(cls, text: str | bytes) -> "Outcome":
        """Raises ValueError for what is not an outcome; unknown fields are passed over."""
        found = json.loads(text)
        if not isinstance(found, dict) or not isinstance(found.get("status"), str):
            raise ValueError("not an outcome")
        known = {each.name for each in fields(cls)}
        return cls(**{name: value for name, value in found.items() if name in known})
