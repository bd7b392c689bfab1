"""Removes what nothing uses any more: old builds, and the files of deleted environments."""

import contextlib
import shutil
import time
from collections import Counter
from pathlib import Path

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from audit.recording import record
from envs import builder, places
from envs.building import cancel_build
from envs.models import Build, Environment
from nodes import home
from nodes.delivery import deliver

KEPT_READY = 3
KEPT_LOGS = 20
PATIENCE = 10.0


class EnvironmentInUse(Exception):
    """Tasks still use the environment; the text is a sentence that names some of them."""


def delete_environment(environment: Environment, user=None) -> None:
    """Delete the environment and its builds; the worker removes the files.

    Raises EnvironmentInUse while a task uses it.
    """
    for build in environment.builds.filter(status__in=Build.ACTIVE):
        build.environment = environment
        cancel_build(build, user)
    try:
        with transaction.atomic():
            record("delete", environment, user=user)
            environment.delete()
    except ProtectedError as problem:
        raise EnvironmentInUse(in_use_sentence(problem.protected_objects)) from None
    deliver("envs.deliveries.remove_files", 0)


def in_use_sentence(things) -> str:
    names = sorted(str(each) for each in things)
    shown = ", ".join(names[:5]) + (" …" if len(names) > 5 else "")
    return _("It is used by %(names)s. Give them another environment first.") % {"names": shown}


def collect() -> int:
    """Remove the files of builds that nothing uses; return of how many. The rows stay."""
    removed = 0
    for environment in Environment.objects.all():
        for build in unused(environment):
            build.environment = environment
            removed += forget_files(build)
    return removed


def unused(environment: Environment) -> list[Build]:
    """Return the builds with files of their own that are neither in use, nor recent."""
    ready = environment.builds.filter(status=Build.Status.READY, kind=Environment.Kind.VENV)
    kept = set(ready.order_by("-number").values_list("pk", flat=True)[:KEPT_READY])
    # A run without an end may still start another attempt in its build.
    busy = ready.filter(runs__isnull=False, runs__finished_at=None)
    kept.update(busy.values_list("pk", flat=True))
    old = ready.exclude(pk__in=kept).exclude(interpreter="")
    return list(old.exclude(pk=environment.current_build_id or 0))


def forget_files(build: Build) -> bool:
    """Take the build out of choice, then remove its packages; its log stays for a while."""
    wanted = Build.objects.filter(pk=build.pk).exclude(interpreter="")
    in_use = Environment.objects.filter(current_build=build.pk)
    with transaction.atomic():
        # Locked against a roll back to it in this moment.
        list(Environment.objects.select_for_update().filter(pk=build.environment_id))
        if in_use.exists() or not wanted.update(interpreter=""):
            return False
    shutil.rmtree(places.directory(build) / "venv", ignore_errors=True)
    return True


def sweep() -> int:
    """Remove directories without a row, and those of old builds; return how many."""
    kept = wanted_keys()
    removed = 0
    for directory in build_directories():
        # A build may have been asked for after the keys were read.
        if directory.name in kept or is_young(directory.name):
            continue
        if is_over(directory):
            shutil.rmtree(directory, ignore_errors=True)
            removed += 1
    remove_empty()
    remove_broken_links()
    return removed


def wanted_keys() -> set[str]:
    """Return the keys of builds that run, can be used, or whose log is recent."""
    kept, seen = set(), Counter()
    rows = Build.objects.order_by("-number").values_list(
        "key", "environment", "status", "interpreter"
    )
    for key, environment, status, interpreter in rows:
        seen[environment] += 1
        if interpreter or status in Build.ACTIVE or seen[environment] <= KEPT_LOGS:
            kept.add(key)
    return kept


def is_young(key: str) -> bool:
    return Build.objects.filter(key=key, status__in=Build.ACTIVE).exists()


def environment_directories() -> list[Path]:
    return [each for each in home.environments().glob("[!.]*") if each.is_dir()]


def build_directories() -> list[Path]:
    found = (each for directory in environment_directories() for each in directory.iterdir())
    return [each for each in found if each.is_dir()]


def remove_empty() -> None:
    """Remove the directories of deleted environments, once their builds are gone."""
    slugs = set(Environment.objects.values_list("slug", flat=True))
    for directory in environment_directories():
        if directory.name not in slugs:
            with contextlib.suppress(OSError):
                directory.rmdir()


def is_over(directory: Path) -> bool:
    """Wait a little for a canceled builder to let go; False when it does not."""
    deadline = time.monotonic() + PATIENCE
    while builder.is_held(directory):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def remove_broken_links() -> None:
    for link in places.by_lock().glob("*"):
        if link.is_symlink() and not link.exists():
            link.unlink(missing_ok=True)
