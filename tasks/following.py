"""Looks after one attempt: its outcome, its stop, its usage, its loss."""

from django.utils import timezone

from runner import launch, spool, tree
from runner.outcome import Outcome
from tasks import failures
from tasks.dispatch import LEASE
from tasks.models import Attempt
from tasks.outcomes import finish
from tasks.transitions import change_attempt


def look_after(attempt: Attempt) -> bool:
    """Bring the attempt one step on; return whether it has ended."""
    outcome = spool.read_outcome(attempt.spool)
    if outcome:
        end(attempt, outcome)
        return True
    if spool.is_held(attempt.spool):
        follow(attempt)
        return False
    return give_up(attempt)


def end(attempt: Attempt, outcome: Outcome) -> None:
    if finish(attempt, outcome) and outcome.status != "succeeded":
        failures.note(attempt)


def follow(attempt: Attempt) -> None:
    """A supervisor lives: carry a stop to it, and say in the table that it runs."""
    if attempt.status == Attempt.Status.ASSIGNED:
        change_attempt(attempt.pk, attempt.fence, Attempt.Status.RUNNING, started_at=timezone.now())
        attempt.status = Attempt.Status.RUNNING
    if attempt.run.stop_requested_at:
        carry_stop(attempt)


def carry_stop(attempt: Attempt) -> None:
    run = attempt.run
    if attempt.status != Attempt.Status.STOPPING or run.stop_at_once:
        launch.stop(attempt.spool, run.stop_reason, at_once=run.stop_at_once)
        change_attempt(
            attempt.pk, attempt.fence, Attempt.Status.STOPPING, stop_reason=run.stop_reason
        )


def give_up(attempt: Attempt) -> bool:
    """No outcome and nobody who could still write one: clean up, and say so in the end.

    An attempt that was assigned and never started is left alone for its lease: the worker may be
    on its way. Then the keeper takes the spool itself, so that a late worker finds it taken.
    """
    if attempt.status == Attempt.Status.ASSIGNED:
        return give_back(attempt) if timezone.now() > attempt.lease_until else False
    # The outcome may have come between the two looks.
    if outcome := spool.read_outcome(attempt.spool):
        end(attempt, outcome)
        return True
    survivors = tree.end_carriers(attempt.key)
    end(attempt, Outcome(status="lost", reason="supervisor_gone", survivors=survivors))
    return True


def give_back(attempt: Attempt) -> bool:
    try:
        spool.make(attempt.spool)
    except spool.AlreadyStarted:
        # A worker came after all, or died right here; the next look tells which.
        if spool.is_held(attempt.spool):
            return False
    status, reason = ("lost", "never_started")
    if attempt.run.stop_requested_at:
        status, reason = ("canceled", "stop")
    return finish(attempt, Outcome(status=status, reason=reason, survivors=0))


def renew_leases(attempts: list[Attempt]) -> None:
    now = timezone.now()
    # An assigned one must run out of time when nobody starts it.
    held = [each for each in attempts if each.status != Attempt.Status.ASSIGNED]
    late = [each.pk for each in held if each.lease_until - now < LEASE / 2]
    if late:
        Attempt.objects.filter(pk__in=late).update(lease_until=now + LEASE)
