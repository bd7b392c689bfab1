"""When a run is attempted again: pure arithmetic."""

import random
from dataclasses import dataclass


@dataclass(frozen=True)
class RetryPolicy:
    """What a task says of retries; lengths are seconds, `exit_codes` of None means any."""

    count: int = 0
    delay: float = 60
    backoff: float = 1
    cap: float = 3600
    jitter: float = 0
    on_statuses: tuple[str, ...] = ("failed", "timed_out", "start_failed")
    exit_codes: tuple[int, ...] | None = None
    repeat_lost: bool = False


# What a second try cannot mend: something must be changed first.
LASTING = {
    "no_interpreter",
    "no_build",
    "no_command",
    "no_directory",
    "no_revision",
    "no_task",
    "no_workdir",
    "not_permitted",
    "secret_unreadable",
}


def next_attempt(
    policy: RetryPolicy,
    *,
    attempts_made: int,
    status: str,
    exit_code: int | None = None,
    reason: str = "",
    seed: int = 0,
) -> float | None:
    """Return the seconds until the next attempt, or None when there is none.

    `attempts_made` counts the one that just ended with `status`. The same seed and attempt give
    the same jitter, so that whoever computes it again comes to the same time.
    """
    if attempts_made > policy.count or not is_repeated(policy, status, exit_code, reason):
        return None
    wait = min(policy.delay * policy.backoff ** (attempts_made - 1), max(policy.cap, policy.delay))
    return wait + random.Random(f"{seed} {attempts_made}").uniform(0, policy.jitter)  # noqa: S311


def is_repeated(policy: RetryPolicy, status: str, exit_code: int | None, reason: str) -> bool:
    if status == "lost":
        return policy.repeat_lost
    if status not in policy.on_statuses or reason in LASTING:
        return False
    return status != "failed" or policy.exit_codes is None or exit_code in policy.exit_codes
