"""Brings the outcomes of builders home."""

import logging
from datetime import timedelta

from django.db import DatabaseError, transaction
from django.utils import timezone

from envs import builder, places
from envs.building import BuildGoing, end, note_start, request_build
from envs.models import Build, Environment
from envs.switching import is_of_now, put_to_use
from nodes.delivery import deliver

logger = logging.getLogger("kumo.keeper")
DELIVERED_AGAIN_AFTER = timedelta(seconds=30)


def bring_home_builds() -> int:
    """Look after every active build; return how many ended. One that troubles us waits."""
    ended = 0
    active = Build.objects.filter(status__in=Build.ACTIVE).select_related("environment")
    for build in active.order_by("pk"):
        try:
            ended += look_after(build)
        except DatabaseError:
            raise
        except Exception:
            logger.exception("Build %s cannot be looked after", build.pk)
    return ended


def look_after(build: Build) -> bool:
    """Bring home what the builder left, or see that it goes on; return whether it has ended."""
    directory = places.directory(build)
    # Asked for first: a builder that lets go in between has left its outcome before.
    is_held = builder.is_held(directory)
    outcome = builder.read_outcome(directory)
    if outcome:
        return take(build, outcome)
    if is_held:
        follow(build, directory)
        return False
    if build.status == Build.Status.BUILDING or directory.exists():
        return lose(build)
    wake_worker(build)
    return False


def follow(build: Build, directory) -> None:
    if build.status == Build.Status.PENDING:
        note_start(build)
    if build.cancel_requested_at:
        builder.cancel(directory)
    progress = builder.read_progress(directory)
    if progress and progress.phase != build.phase:
        Build.objects.filter(pk=build.pk, status=Build.Status.BUILDING).update(phase=progress.phase)


def take(build: Build, outcome: builder.Outcome) -> bool:
    """End the build as its builder says; a ready one is put to use in the same transaction."""
    return conclude(
        build,
        outcome.status,
        reason=outcome.reason,
        detail=outcome.detail,
        interpreter=outcome.interpreter if outcome.is_ready else "",
        python_version=outcome.python_version,
        lock=outcome.lock,
        packages=outcome.packages,
        size_bytes=outcome.size_bytes or None,
    )


def lose(build: Build) -> bool:
    """End a build whose builder is gone without a word."""
    return conclude(build, Build.Status.FAILED, reason="lost")


def conclude(build: Build, status: str, **fields) -> bool:
    """End the build and put it to use if it is ready and still wanted; return whether it ended.

    What the environment asks for by now, if that is something else, is built next.
    """
    with transaction.atomic():
        environment = Environment.objects.select_for_update().get(pk=build.environment_id)
        if not end(build, status, **fields):
            return False
        is_wanted = is_of_now(build, environment)
        if is_wanted and status == Build.Status.READY:
            put_to_use(build)
    if not is_wanted and not build.cancel_requested_at:
        build_next(environment, build.requested_by)
    deliver("envs.deliveries.remove_files", 0)
    return True


def build_next(environment: Environment, user) -> None:
    try:
        request_build(environment, user)
    except BuildGoing:
        logger.info("Environment %s is being built again already", environment.pk)


def wake_worker(build: Build) -> None:
    """Ring for a build that still waits: its delivery may have been lost."""
    if timezone.now() - build.created_at > DELIVERED_AGAIN_AFTER:
        deliver("envs.deliveries.start_build", build.pk)
