"""Gives each failed run its reason, when it ends and never again."""

from datetime import date

from django.db import transaction
from django.db.models import Max, Min, Sum

from runner.logs.reader import LogReader
from tasks import exits, fingerprints, reasons
from tasks.models import Attempt, Failure, FailureDay, Run

FAILED = (Run.Status.FAILED, Run.Status.TIMED_OUT, Run.Status.LOST)
LINES_READ = 300
# What the end of the log cannot tell more about than the outcome does.
TOLD_BY_OUTCOME = {"timeout", "silence", "memory_limit", "supervisor_gone", "node_lost"}


def note(attempt: Attempt) -> Failure | None:
    """Give the run of an attempt that just ended its reason; None unless the run has failed."""
    run = Run.objects.filter(pk=attempt.run_id, status__in=FAILED, failure=None).first()
    if run is None:
        return None
    found = cause(run, attempt)
    with transaction.atomic():
        failure, _made = Failure.objects.get_or_create(
            fingerprint=found.fingerprint,
            defaults={
                "title": found.title,
                "first_seen_at": run.finished_at,
                "last_seen_at": run.finished_at,
            },
        )
        Failure.objects.filter(pk=failure.pk).update(last_seen_at=run.finished_at)
        if Run.objects.filter(pk=run.pk, failure=None).update(failure=failure):
            FailureDay.add(failure, run)
    return failure


def cause(run: Run, attempt: Attempt) -> fingerprints.Cause:
    if run.reason in TOLD_BY_OUTCOME:
        return fingerprints.Cause(run.reason)
    lines = [line.text for line in LogReader(attempt.spool).tail(LINES_READ)]
    return fingerprints.cause(lines) or by_outcome(run)


def by_outcome(run: Run) -> fingerprints.Cause:
    if run.reason == "signal":
        return fingerprints.Cause("signal", str(run.signal), str(run.signal))
    if run.reason == "exit":
        return fingerprints.Cause("exit", str(run.exit_code), str(run.exit_code))
    return fingerprints.Cause(run.reason, run.detail)


def words(title: str) -> str:
    """Return a reason's title as people read it: what the outcome told becomes a sentence."""
    kind, _colon, detail = title.partition(": ")
    if kind == "exit" and detail.isdigit():
        return exits.explain_code(int(detail))
    if kind == "signal" and detail.isdigit():
        return exits.explain_signal(int(detail))
    if kind in reasons.SENTENCES:
        return str(reasons.SENTENCES[kind]) % {"detail": detail}
    return title


def top(first: date, last: date, project: int | None = None, most: int = 5) -> list[dict]:
    """Return the most frequent reasons from one day to another, each with its count and tasks."""
    days = FailureDay.objects.filter(day__range=(first, last))
    if project:
        days = days.filter(project=project)
    rows = (
        days.values("failure", "failure__fingerprint", "failure__title")
        .annotate(
            total=Sum("count"),
            first_seen=Min("failure__first_seen_at"),
            last_seen=Max("failure__last_seen_at"),
        )
        .order_by("-total", "-last_seen")[:most]
    )
    rows = list(rows)
    tasks = tasks_of(days, [row["failure"] for row in rows])
    return [
        {
            "id": row["failure"],
            "fingerprint": row["failure__fingerprint"],
            "title": words(row["failure__title"]),
            "count": row["total"],
            "first_seen": row["first_seen"],
            "last_seen": row["last_seen"],
            "tasks": tasks.get(row["failure"], []),
        }
        for row in rows
    ]


def tasks_of(days, failures: list[int]) -> dict[int, list[str]]:
    named: dict[int, list[str]] = {}
    pairs = days.filter(failure__in=failures, task__isnull=False)
    for failure, slug in (
        pairs.values_list("failure", "task__slug").distinct().order_by("task__slug")
    ):
        named.setdefault(failure, []).append(slug)
    return named
