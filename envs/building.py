"""Asks for builds, starts, cancels and chooses them."""

import errno
import uuid

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from audit.recording import record
from envs import builder, interpreters, orders, places, running
from envs.models import Build, Environment
from envs.switching import put_to_use
from nodes import bells
from nodes.delivery import deliver


class BuildGoing(Exception):
    """The environment is being built already; `build` is that build, or None."""

    def __init__(self, build: Build | None = None):
        super().__init__(str(build or ""))
        self.build = build


class BuildNotUsable(Exception):
    """Nothing can run in the build that was chosen; `build` is it."""

    def __init__(self, build: Build):
        super().__init__(str(build))
        self.build = build


def request_build(environment: Environment, user=None) -> Build:
    """Ask for a build of the environment as it is now; raises BuildGoing.

    An interpreter of the machine is only looked at, so its build has ended when it comes back.
    """
    if environment.kind == Environment.Kind.SYSTEM:
        return look_at_interpreter(environment, user)
    build = new_build(environment, user)
    deliver("envs.deliveries.start_build", build.pk)
    return build


def new_build(environment: Environment, user, **fields) -> Build:
    """Insert the next build of the environment; the database lets only one be active."""
    try:
        with transaction.atomic():
            last = environment.builds.aggregate(last=Max("number"))["last"] or 0
            build = Build.objects.create(
                environment=environment,
                number=last + 1,
                key=uuid.uuid4().hex,
                kind=environment.kind,
                python=environment.python,
                requirements=environment.requirements,
                requested_by=user,
                **fields,
            )
            record("build", environment, {"build": ["", build.number]}, user=user)
    except IntegrityError:
        raise BuildGoing(environment.builds.filter(status__in=Build.ACTIVE).first()) from None
    return build


def look_at_interpreter(environment: Environment, user) -> Build:
    found = interpreters.probe(environment.python or orders.own_python())
    now = timezone.now()
    fields = {
        "status": Build.Status.READY if found.is_healthy else Build.Status.FAILED,
        "reason": f"python_{found.problem}" if found.problem else "",
        "detail": found.detail or found.path,
        "interpreter": found.path if found.is_healthy else "",
        "python_version": found.version,
        "started_at": now,
        "finished_at": now,
    }
    build = new_build(environment, user, **fields)
    if found.is_healthy:
        put_to_use(build)
    return build


def start_build(build_id: int) -> None:
    """Start a detached builder for a waiting build; called again, it does nothing."""
    build = (
        Build.objects.select_related("environment__index")
        .filter(pk=build_id, status=Build.Status.PENDING)
        .first()
    )
    if build is None:
        return
    try:
        builder.start(orders.make(build))
    except builder.AlreadyStarted:
        pass
    except OSError as problem:
        reason = "disk_full" if problem.errno == errno.ENOSPC else "not_started"
        end(build, Build.Status.FAILED, reason=reason, detail=str(problem))
        return
    if not note_start(build) and Build.objects.filter(pk=build.pk, status="canceled").exists():
        builder.cancel(places.directory(build))


def note_start(build: Build) -> bool:
    rows = Build.objects.filter(pk=build.pk, status=Build.Status.PENDING)
    return bool(rows.update(status=Build.Status.BUILDING, started_at=timezone.now()))


def end(build: Build, status: str, **fields) -> bool:
    """End an active build; return whether this call did it."""
    rows = Build.objects.filter(pk=build.pk, status__in=Build.ACTIVE)
    return bool(rows.update(status=status, phase="", finished_at=timezone.now(), **fields))


def cancel_build(build: Build, user=None) -> bool:
    """Cancel a build that waits or goes on; return False when it had ended."""
    now = timezone.now()
    rows = Build.objects.filter(pk=build.pk, status__in=Build.ACTIVE)
    if not rows.update(cancel_requested_at=now):
        return False
    record("cancel build", build.environment, {"build": [build.number, ""]}, user=user)
    rows.filter(status=Build.Status.PENDING).update(
        status=Build.Status.CANCELED, reason="canceled", finished_at=now
    )
    transaction.on_commit(lambda: builder.cancel(places.directory(build)))
    bells.ring_on_commit("keeper", f"build {build.key}")
    return True


def use_build(environment: Environment, build: Build, user=None) -> None:
    """Put an earlier build back to use; raises BuildNotUsable when its files are gone."""
    is_ready = build.status == Build.Status.READY and build.environment_id == environment.pk
    if not is_ready or running.problem(build):
        raise BuildNotUsable(build)
    with transaction.atomic():
        before = Environment.objects.select_for_update().get(pk=environment.pk).current_build
        Environment.objects.filter(pk=environment.pk).update(current_build=build)
        record(
            "use build",
            environment,
            {"build": [before.number if before else "", build.number]},
            user=user,
        )
    environment.current_build = build
