"""Starts the process of an assigned attempt."""

import shutil
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone

from envs import running
from nodes import home
from runner import launch
from runner.order import Order
from runner.outcome import Outcome
from tasks import commands, failures, outcomes, variables
from tasks.childenv import child_environment
from tasks.models import Attempt, Run
from tasks.transitions import change_attempt

PYTHONS = {"python", "python3"}


@dataclass
class CannotStart(Exception):
    """What an attempt needs is not there: the reason's code and what it is about."""

    reason: str
    detail: str = ""


def start(attempt: Attempt) -> None:
    """Start the attempt's spider, or end the attempt with the reason why it cannot start."""
    if Run.objects.filter(pk=attempt.run_id, stop_requested_at__isnull=False).exists():
        outcomes.finish(attempt, Outcome(status="canceled", reason="stop"))
        return
    try:
        pid = launch.start(make_order(attempt), str(home.launcher())).pid
    except (CannotStart, launch.StartFailed) as problem:
        outcome = Outcome(status="start_failed", reason=problem.reason, detail=problem.detail)
        if outcomes.finish(attempt, outcome):
            failures.note(attempt)
    except launch.AlreadyStarted:
        return
    else:
        change_attempt(
            attempt.pk, attempt.fence, Attempt.Status.RUNNING, started_at=timezone.now(), pid=pid
        )


def make_order(attempt: Attempt) -> Order:
    """Return the order for the supervisor; raises CannotStart when something is not there."""
    run = attempt.run
    check_parts(run)
    env, secrets = environment(attempt)
    limits = run.snapshot
    state_dir = home.task_directory(run.task_slug)
    return Order(
        key=attempt.key,
        home=str(settings.KUMO_HOME),
        spool=str(attempt.spool),
        argv=resolved_argv(run, env["PATH"]),
        env=env | {"KUMO_STATE_DIR": str(state_dir)},
        secrets=secrets,
        source=str(run.revision.directory),
        workdir=limits["workdir"],
        state_dir=str(state_dir),
        timeout=limits["timeout"],
        silence=limits["silence_timeout"],
        stop_signal=limits["stop_signal"],
        grace=limits["grace"],
        log_limit=limits["log_limit_mb"] * 2**20,
        memory_limit_mb=limits["memory_limit_mb"],
        bell=str(home.bell("keeper")),
    )


def check_parts(run: Run) -> None:
    if run.task is None:
        raise CannotStart("no_task")
    if run.revision is None:
        raise CannotStart("no_revision", run.project_slug)
    if not run.revision.directory.is_dir():
        raise CannotStart("no_directory", str(run.revision))
    if run.build is None:
        raise CannotStart("no_build", run.snapshot["environment"])
    if problem := running.problem(run.build):
        raise CannotStart(problem, run.build.interpreter)


def environment(attempt: Attempt):
    try:
        return child_environment(attempt)
    except variables.WrongKey as problem:
        raise CannotStart("secret_unreadable", str(problem)) from None


def resolved_argv(run: Run, path: str) -> list[str]:
    """Return the command with its program's whole path; `python` is the environment's own."""
    try:
        program, *rest = commands.split(run.snapshot["command"])
    except ValueError as problem:
        raise CannotStart("no_command", str(problem)) from None
    if program in PYTHONS:
        return [run.build.interpreter, *rest]
    if "/" in program:
        return [program, *rest]
    found = shutil.which(program, path=path)
    if not found:
        raise CannotStart("no_command", program)
    return [found, *rest]
