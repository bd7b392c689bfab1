"""What becomes of due times that passed unfired: pure arithmetic."""

from dataclasses import dataclass
from datetime import datetime, timedelta

MOST_RUNS = 20
# A due time this late is still on time: the clock was busy, not away.
ON_TIME = timedelta(seconds=5)


@dataclass(frozen=True)
class Decision:
    """One row of the ledger: `count` due times from `due_at` to `last_due_at`, decided alike."""

    due_at: datetime
    last_due_at: datetime
    count: int
    decision: str
    reason: str = ""


def decide(
    policy: str, grace: timedelta, due: list[datetime], now: datetime, passed_over: int = 0
) -> list[Decision]:
    """Return the decisions on the due times `due`, oldest first, none of them after `now`.

    `once` runs the newest for all, `skip` none that is late, `all` the newest twenty. What is
    older than `grace` is missed. `passed_over` are due times before the first of `due` that
    were too many to list: they are counted to the oldest.
    """
    late = [at for at in due if now - at > ON_TIME]
    timely = due[len(late) :]
    old = [at for at in late if now - at > grace]
    young = late[len(old) :]
    decisions = grouped(old, "missed", "misfire", passed_over)
    if policy == "skip":
        decisions += grouped(young, "missed", "misfire")
    elif policy == "all":
        first_run = max(len(young) - MOST_RUNS, 0)
        decisions += grouped(young[:first_run], "missed", "misfire")
        decisions += [one(at, "run") for at in young[first_run:]]
    elif young and timely:
        decisions += grouped(young, "coalesced")
    elif young:
        decisions += grouped(young[:-1], "coalesced")
        decisions.append(one(young[-1], "run"))
    return decisions + [one(at, "run") for at in timely]


def one(at: datetime, decision: str) -> Decision:
    return Decision(at, at, 1, decision)


def grouped(due: list[datetime], decision: str, reason: str = "", more: int = 0) -> list[Decision]:
    if not due:
        return []
    return [Decision(due[0], due[-1], len(due) + more, decision, reason)]
