"""Cancels runs that waited in the queue for longer than their task allows."""

from django.db.models import Min

from tasks.models import Run
from tasks.transitions import change_run


def expire_waiting(now):
    """Cancel what has expired; return when the next waiting run expires, or None."""
    waiting = Run.objects.filter(status=Run.Status.QUEUED, expires_at__isnull=False)
    for pk in waiting.filter(expires_at__lte=now).values_list("pk", flat=True):
        change_run(
            pk,
            Run.Status.CANCELED,
            only_from=(Run.Status.QUEUED,),
            reason="expired",
            stop_reason="expired",
        )
    return waiting.filter(expires_at__gt=now).aggregate(earliest=Min("expires_at"))["earliest"]
