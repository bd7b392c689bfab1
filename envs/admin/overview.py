"""What the pages of an environment and of a build show."""

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _

from envs import places, running
from envs.interpreters import Interpreter
from envs.models import Build, Environment
from envs.reasons import SENTENCES, explain, phase_words
from runner.logs.reader import LogReader

BUILDS_SHOWN = 20
LINES_SHOWN = 200


def context(environment: Environment) -> dict:
    """Return the environment's builds, the newest first, and the packages of the one in use."""
    builds = list(environment.builds.select_related("requested_by")[:BUILDS_SHOWN])
    current = environment.current_build
    for build in builds:
        build.environment = environment
    return {
        "environment": environment,
        "builds": [row(build, environment) for build in builds],
        "current": current,
        "packages": current.packages if current else [],
        "is_gone": bool(current and running.problem(current)),
        "is_building": any(build.status in Build.ACTIVE for build in builds),
        "tasks": environment.tasks.all()[:BUILDS_SHOWN],
    }


def row(build: Build, environment: Environment) -> dict:
    is_current = build.pk == environment.current_build_id
    return {
        "build": build,
        "url": reverse("admin:envs_build_change", args=[build.pk]),
        "is_current": is_current,
        "is_active": build.status in Build.ACTIVE,
        "is_usable": build.status == Build.Status.READY and not is_current and build.interpreter,
        "is_collected": build.status == Build.Status.READY and not build.interpreter,
        "phase": phase_words(build),
        "reason": explain(build),
    }


def build_context(build: Build) -> dict:
    """Return what the page of one build shows: its facts, why it ended, its log."""
    return {
        "build": build,
        "environment": build.environment,
        "facts": facts(build),
        "reason": explain(build),
        "phase": phase_words(build),
        "is_active": build.status in Build.ACTIVE,
        "is_current": build.pk == build.environment.current_build_id,
        "log": log(build),
    }


def facts(build: Build) -> list[tuple]:
    """Return (title, text) pairs; a text may be a time."""
    pairs = [
        (_("Requested by"), build.requested_by),
        (_("Requested"), build.created_at),
        (_("Started"), build.started_at),
        (_("Finished"), build.finished_at),
        (_("Python"), build.python_version),
        (_("Size"), filesizeformat(build.size_bytes) if build.size_bytes else None),
        (_("Packages"), len(build.packages) or None),
    ]
    return [(title, value) for title, value in pairs if value]


def log(build: Build) -> dict | None:
    """Return what the log viewer needs; None where nothing is said and nothing will be."""
    directory = places.directory(build)
    api_url = f"/api/v1/builds/{build.pk}/log"
    lines = LogReader(directory).tail(LINES_SHOWN) if directory.is_dir() else []
    if not lines and build.status not in Build.ACTIVE:
        return None
    return {
        "api_url": api_url,
        "socket_url": f"/ws/builds/{build.pk}/log",
        "text_url": f"{api_url}/raw",
        "is_live": build.status in Build.ACTIVE,
        "has_failed": build.status == Build.Status.FAILED,
        "started_at": build.started_at,
        "lines": lines,
        "total_lines": len(lines),
    }


def interpreter_sentence(found: Interpreter) -> str:
    """Return what is wrong with an interpreter; empty for a healthy one."""
    sentence = SENTENCES.get(f"python_{found.problem}")
    return str(sentence) % {"detail": found.detail} if sentence else ""
