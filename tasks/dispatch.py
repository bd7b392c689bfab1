"""Claims the best waiting runs that a node has room for, and starts them."""

import uuid
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from nodes.models import Node
from tasks import starting
from tasks.candidates import LOOKED_AT, candidates
from tasks.limits import Load
from tasks.models import Attempt, Maintenance, Run
from tasks.snapshots import snapshot
from tasks.transitions import change_run

LEASE = timedelta(seconds=60)
# Any two claims exclude each other: SKIP LOCKED alone let 8 runs start at a limit of 2.
CLAIM_LOCK = 0x4B756D6F


def start_what_fits(node: Node) -> int:
    """Start the waiting runs that there is room for now; return how many were started.

    What ends meanwhile sends a delivery of its own, so that one look is enough, unless so many
    wait that not all of them are looked at.
    """
    started = 0
    while attempts := claim(node.pk):
        for attempt in attempts:
            starting.start(attempt)
        started += len(attempts)
        if not Run.objects.waiting(timezone.now())[LOOKED_AT:].exists():
            break
    return started


def claim(node_id: int) -> list[Attempt]:
    """Turn the best waiting runs into assigned attempts of the node, as far as there is room."""
    if not Run.objects.waiting(timezone.now()).exists():
        return []
    with transaction.atomic():
        exclude_other_claims()
        node = Node.objects.get(pk=node_id)
        if not node.is_accepting or node.is_disk_low or Maintenance.is_on():
            return []
        now = timezone.now()
        chosen = choose(node, Load.now(), now)
        return list(filter(None, (assign(run, node, now) for run in loaded(chosen))))


def exclude_other_claims() -> None:
    """Wait for other claims to end; SQLite has but one writer, so there it is no work."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CLAIM_LOCK])


def choose(node: Node, load: Load, now) -> list[int]:
    """Return the ids of the runs that there is room for, best first."""
    chosen = []
    for each in candidates(node, now):
        if load.nodes[node.pk] >= node.slots:
            break
        if not load.blocked_by(each.task_id, each.parallel, each.project_id, each.project_limit):
            load.add(each, node)
            chosen.append(each.run_id)
    return chosen


def loaded(chosen: list[int]) -> list[Run]:
    """Return the chosen runs with all that their start needs, in the same order."""
    runs = Run.objects.select_related(
        "task__project__current_revision",
        "task__environment__current_build",
        "task__revision__project",
        "revision__project",
        "build__environment",
    ).in_bulk(chosen)
    return [runs[pk] for pk in chosen]


def assign(run: Run, node: Node, now) -> Attempt | None:
    """Make the run's next attempt, or None when the run was taken or canceled meanwhile."""
    first = {} if run.started_at else {"started_at": max(now, run.queued_at), **snapshot(run)}
    run.fence += 1
    run.attempts_made += 1
    changes = {"node": node, "fence": run.fence, "attempts_made": run.attempts_made, **first}
    if not change_run(run.pk, Run.Status.RUNNING, next_attempt_at=None, **changes):
        return None
    for name, value in changes.items():
        setattr(run, name, value)
    return Attempt.objects.create(
        run=run,
        number=run.attempts_made,
        key=uuid.uuid4().hex,
        fence=run.fence,
        node=node,
        assigned_at=now,
        lease_until=now + LEASE,
    )
