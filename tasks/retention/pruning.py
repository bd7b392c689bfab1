"""Deletes what retention lets go: files first, then rows."""

import shutil
from collections import Counter
from datetime import datetime

from django.utils import timezone

from tasks.models import Attempt, Retention, Run
from tasks.retention.judging import Verdict, files_to_go, fires_to_go, may_go, runs_to_go


def verdicts(now: datetime) -> list[Verdict]:
    """Return all that would go now: files of runs that stay, and whole runs."""
    kept = Retention.get()
    runs = list(runs_to_go(kept, now))
    gone = {verdict.run_id for verdict in runs}
    return runs + [each for each in files_to_go(kept, now) if each.run_id not in gone]


def prune(now: datetime | None = None) -> Counter:
    """Delete what may go; return how much of what went, by reason."""
    now = now or timezone.now()
    done = Counter()
    for verdict in verdicts(now):
        if carry_out(verdict):
            done[verdict.what, verdict.why] += 1
    fires, _by_model = fires_to_go(Retention.get(), now).delete()
    if fires:
        done["fires", "age"] = fires
    return done


def carry_out(verdict: Verdict) -> bool:
    """Do as the verdict says, unless the run was pinned meanwhile."""
    run = may_go().filter(pk=verdict.run_id).first()
    if run is None:
        return False
    attempts = run.attempts.select_related("run")
    if verdict.what == "run":
        for attempt in attempts:
            remove_files(attempt)
        Run.objects.filter(pk=run.pk, is_pinned=False).delete()
    else:
        remove_files(attempts.get(pk=verdict.attempt_id))
    return True


def remove_files(attempt: Attempt) -> None:
    shutil.rmtree(attempt.spool, ignore_errors=True)
    Attempt.objects.filter(pk=attempt.pk).update(files_removed_at=timezone.now())
    # The day's directory goes with the last attempt of the day.
    try:
        attempt.spool.parent.rmdir()
    except OSError:
        return
