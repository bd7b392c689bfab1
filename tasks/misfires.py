"""What becomes of due times that passed unfired: pure arithmetic."""

from dataclasses import dataclass, replace
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
    older than `grace` is missed. `passed_over` are due times that were too many to list, right
    after the first of `due`: they are counted to the oldest group.
    """
    late = [at for at in due if now - at > ON_TIME]
    timely = due[len(late) :]
    old = [at for at in late if now - at > grace]
    young = late[len(old) :]
    decisions = grouped(old, "missed", "misfire")
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
    decisions += [one(at, "run") for at in timely]
    if passed_over:
        decisions[0] = replace(decisions[0], count=decisions[0].count + passed_over)
    return decisions


def one(at: datetime, decision: str) -> Decision:
    return Decision(at, at, 1, decision)


def grouped(due: list[datetime], decision: str, reason: str = "") -> list[Decision]:
    return [Decision(due[0], due[-1], len(due), decision, reason)] if due else []
