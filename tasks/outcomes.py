"""Ends attempts and their runs by what a supervisor left behind."""

import logging
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from nodes.delivery import deliver
from runner.outcome import Outcome
from tasks import breaker, chains, retries
from tasks.models import Attempt, Event, Run, RunDay, Task
from tasks.models.task import RECENT_KEPT
from tasks.transitions import change_attempt, change_run

logger = logging.getLogger("kumo.outcomes")
# What the end of a run changes in its task's row.
COUNTED = ("slug", "title", "recent", "failed_in_row", "breaker_limit", "paused_at")
# How a run ends by its last attempt; the other statuses have the same name for both.
RUN_STATUS = {"start_failed": Run.Status.FAILED}


def finish(attempt: Attempt, outcome: Outcome) -> bool:
    """End the attempt and bring its run on; False, and an event, when the report came too late."""
    with transaction.atomic():
        if not end_attempt(attempt, outcome):
            note_late(attempt, outcome)
            return False
        run = Run.objects.get(pk=attempt.run_id)
        wait = None if run.task_id is None else wait_before_retry(run, outcome)
        if wait is None:
            end_run(run, attempt, outcome)
        else:
            put_off(run, attempt, outcome, wait)
        if Run.objects.waiting(timezone.now()).exists():
            deliver("tasks.deliveries.start_runs", 0)
    return True


def end_attempt(attempt: Attempt, outcome: Outcome) -> bool:
    started_at = as_time(outcome.started_at) or attempt.started_at
    if (
        started_at
        and attempt.status == Attempt.Status.ASSIGNED
        and outcome.status != "start_failed"
    ):
        # The worker died before it could say that the spider runs.
        change_attempt(attempt.pk, attempt.fence, Attempt.Status.RUNNING, started_at=started_at)
    return change_attempt(
        attempt.pk,
        attempt.fence,
        outcome.status,
        started_at=started_at,
        finished_at=as_time(outcome.finished_at) or timezone.now(),
        reason=outcome.reason,
        detail=outcome.detail,
        duration=outcome.duration,
        exit_code=outcome.exit_code,
        signal=outcome.signal,
        stop_reason=outcome.stop_reason or "",
        survivors=outcome.survivors,
        cpu_seconds=outcome.cpu_seconds,
        peak_rss_bytes=max(outcome.peak_rss_bytes or 0, attempt.peak_rss_bytes or 0) or None,
        rss_bytes=None,
        log_lines=outcome.log_lines,
        log_bytes=outcome.log_bytes,
        dropped_bytes=outcome.dropped_bytes,
        secrets_printed=outcome.secrets_printed or 0,
        limits_held_by=outcome.limits_held_by or "",
    )


def note_late(attempt: Attempt, outcome: Outcome) -> None:
    Event.objects.create(
        run_id=attempt.run_id,
        at=timezone.now(),
        kind="late_report",
        params={
            "attempt": attempt.number,
            "status": outcome.status,
            "exit_code": outcome.exit_code,
        },
    )


def wait_before_retry(run: Run, outcome: Outcome) -> float | None:
    """Return the seconds until the run's next attempt, or None when there is to be none."""
    if outcome.status in ("succeeded", "canceled") or run.stop_requested_at:
        return None
    if outcome.reason == "never_started":
        return 0
    kept = run.snapshot
    policy = retries.RetryPolicy(
        count=kept["retry_count"],
        delay=kept["retry_delay"],
        backoff=kept["retry_backoff"],
        cap=kept["retry_cap"],
        jitter=kept["retry_jitter"],
        on_statuses=tuple(kept["retry_on"]),
        exit_codes=tuple(kept["retry_exit_codes"]) or None,
        repeat_lost=kept["repeat_lost"],
    )
    return retries.next_attempt(
        policy,
        attempts_made=run.attempts.exclude(reason="never_started").count(),
        status=outcome.status,
        exit_code=outcome.exit_code,
        reason=outcome.reason,
        seed=run.pk,
    )


def put_off(run: Run, attempt: Attempt, outcome: Outcome, wait: float) -> None:
    next_at = timezone.now() + timedelta(seconds=wait)
    change_run(run.pk, Run.Status.RETRY_WAIT, next_attempt_at=next_at, node=None)
    Event.objects.create(
        run=run,
        at=timezone.now(),
        kind="retry",
        params={
            "attempt": attempt.number,
            "status": outcome.status,
            "next_attempt_at": next_at.isoformat(),
        },
    )


def end_run(run: Run, attempt: Attempt, outcome: Outcome) -> None:
    finished_at = max(as_time(outcome.finished_at) or timezone.now(), run.started_at)
    status = RUN_STATUS.get(outcome.status, outcome.status)
    ended = change_run(
        run.pk,
        status,
        finished_at=finished_at,
        reason=outcome.reason,
        detail=outcome.detail,
        duration=outcome.duration,
        exit_code=outcome.exit_code,
        signal=outcome.signal,
        survivors=outcome.survivors,
        cpu_seconds=outcome.cpu_seconds,
        peak_rss_bytes=max(outcome.peak_rss_bytes or 0, attempt.peak_rss_bytes or 0) or None,
    )
    if not ended:
        logger.error("Run %s was no longer running when attempt %s ended", run.pk, attempt.pk)
        return
    run.status, run.finished_at, run.duration = status, finished_at, outcome.duration
    after_end(run)


def after_end(run: Run) -> None:
    """Count the run, remember it in its task's strip, and start what follows it."""
    if run.task_id is None:
        return
    RunDay.add(run)
    task = Task.objects.select_for_update().only(*COUNTED).get(pk=run.task_id)
    recent = [*task.recent, [run.pk, run.status, run.duration]][-RECENT_KEPT:]
    Task.objects.filter(pk=task.pk).update(recent=recent, last_run_at=run.finished_at)
    breaker.note_end(run, task)
    chains.start_followers(run)


def as_time(seconds: float | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds else None
