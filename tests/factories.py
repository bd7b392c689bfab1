"""Makes what tests need, each call stating only what matters to the test."""

import hashlib
import itertools
import secrets
import sys
from datetime import timedelta

from django.contrib.auth.models import Permission
from django.utils import timezone

from audit.models import User
from envs import places
from envs.models import Build, Environment
from nodes.models import Node
from tasks.models import Attempt, ConcurrencyGroup, Project, Revision, Run, Task, Trigger
from tasks.statuses import ATTEMPT_TERMINAL, RUN_TERMINAL, AttemptStatus, RunStatus

FILES = {"spider.py": "print('hello')\n"}
PASSWORD = "correct horse battery"
counter = itertools.count(1)


def name(prefix: str) -> str:
    return f"{prefix}-{next(counter)}"


def make_user(*permissions: str, **fields) -> User:
    """Return a user with these permissions (`tasks.view_run`), who signs in with PASSWORD."""
    fields.setdefault("username", name("user"))
    fields.setdefault("is_staff", True)
    password = fields.pop("password", PASSWORD)
    user = User.objects.create_user(password=password, **fields)
    user.user_permissions.set(map(permission, permissions))
    return user


def make_admin(**fields) -> User:
    return make_user(is_superuser=True, **fields)


def permission(label: str) -> Permission:
    app, codename = label.split(".")
    return Permission.objects.get(content_type__app_label=app, codename=codename)


def make_node(**fields) -> Node:
    """Return a node that is alive and has two slots."""
    fields.setdefault("slug", name("node"))
    fields.setdefault("beat_at", timezone.now())
    return Node.objects.create(**fields)


def make_project(files=FILES, **fields) -> Project:
    """Return a project with a revision of these files, or without one when `files` is None."""
    fields.setdefault("slug", name("project"))
    project = Project.objects.create(**fields)
    if files is not None:
        project.current_revision = make_revision(project, files)
        project.save(update_fields=["current_revision"])
    return project


def make_revision(project=None, files=FILES, **fields) -> Revision:
    """Return a revision whose files are on disk; it does not become the one in use."""
    project = project or make_project(files=None)
    number = fields.setdefault("number", project.revisions.count() + 1)
    text = "\0".join(f"{path}\0{content}" for path, content in sorted(files.items()))
    fields.setdefault("content_hash", hashlib.sha256(f"{number}\0{text}".encode()).hexdigest())
    fields.setdefault("source", Project.Source.FILES)
    fields.setdefault("file_count", len(files))
    revision = Revision.objects.create(project=project, **fields)
    for path, content in files.items():
        target = revision.directory / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content)
    return revision


def make_environment(is_ready=True, **fields) -> Environment:
    """Return an environment of the interpreter that runs the tests, with a build to use."""
    fields.setdefault("slug", name("environment"))
    fields.setdefault("kind", Environment.Kind.SYSTEM)
    fields.setdefault("python", sys.executable if fields["kind"] == "system" else "")
    environment = Environment.objects.create(**fields)
    if is_ready:
        environment.current_build = make_build(environment)
        environment.save(update_fields=["current_build"])
    return environment


def make_build(environment=None, **fields) -> Build:
    """Return a build that is ready, with its directory; it does not become the one in use."""
    environment = environment or make_environment(is_ready=False)
    now = timezone.now()
    status = fields.setdefault("status", Build.Status.READY)
    fields.setdefault("number", environment.builds.count() + 1)
    fields.setdefault("key", secrets.token_hex(8))
    fields.setdefault("kind", environment.kind)
    fields.setdefault("python", environment.python)
    fields.setdefault("requirements", environment.requirements)
    if status == Build.Status.READY:
        fields.setdefault("interpreter", sys.executable)
        fields.setdefault("python_version", sys.version.split()[0])
    if status not in Build.ACTIVE:
        fields.setdefault("started_at", now)
        fields.setdefault("finished_at", now)
    build = Build.objects.create(environment=environment, **fields)
    places.directory(build).mkdir(parents=True, exist_ok=True)
    return build


def make_group(**fields) -> ConcurrencyGroup:
    fields.setdefault("slug", name("group"))
    return ConcurrencyGroup.objects.create(**fields)


def make_task(**fields) -> Task:
    """Return a task that can run, of a project and an environment of its own unless told."""
    fields.setdefault("slug", name("task"))
    fields.setdefault("command", "python spider.py")
    if "project" not in fields:
        fields["project"] = make_project()
    if "environment" not in fields:
        fields["environment"] = make_environment()
    groups = fields.pop("groups", ())
    task = Task.objects.create(**fields)
    task.groups.set(groups)
    return task


def make_trigger(task=None, **fields) -> Trigger:
    """Return a trigger, by default a cron line for noon in UTC; it has no next fire unless told."""
    kind = fields.setdefault("kind", Trigger.Kind.CRON)
    fields.setdefault("time_zone", "UTC")
    if kind == Trigger.Kind.CRON:
        fields.setdefault("cron", "0 12 * * *")
    elif kind == Trigger.Kind.INTERVAL:
        fields.setdefault("every", 60)
    elif kind == Trigger.Kind.DATE:
        fields.setdefault("at", timezone.now() + timedelta(hours=1))
    elif "upstream" not in fields:
        fields["upstream"] = make_task()
    return Trigger.objects.create(task=task or make_task(), **fields)


def make_run(task=None, **fields) -> Run:
    """Return a run, queued unless told, with the times that its status asks for."""
    task = task or make_task()
    now = timezone.now()
    status = fields.setdefault("status", RunStatus.QUEUED)
    queued_at = fields.setdefault("queued_at", fields.get("started_at") or now)
    if status not in {RunStatus.QUEUED, RunStatus.SKIPPED, RunStatus.CANCELED}:
        fields.setdefault("started_at", queued_at)
        fields.setdefault("revision", task.project.current_revision)
        fields.setdefault("build", task.environment.current_build)
    if status in RUN_TERMINAL:
        fields.setdefault("finished_at", max(now, queued_at))
    if status == RunStatus.RETRY_WAIT:
        fields.setdefault("next_attempt_at", now)
    defaults = {
        "task_slug": task.slug,
        "project": task.project,
        "project_slug": task.project.slug,
        "origin": Run.Origin.PAGE,
        "changed_at": now,
    }
    return Run.objects.create(task=task, **defaults | fields)


def make_attempt(run=None, **fields) -> Attempt:
    """Return an attempt of a running run, running unless told; its spool is not made."""
    run = run or make_run(status=RunStatus.RUNNING)
    now = timezone.now()
    status = fields.setdefault("status", AttemptStatus.RUNNING)
    fields.setdefault("number", run.attempts.count() + 1)
    fields.setdefault("key", secrets.token_hex(8))
    fields.setdefault("fence", run.fence)
    fields.setdefault("assigned_at", now)
    fields.setdefault("lease_until", now + timedelta(minutes=2))
    if status not in {AttemptStatus.ASSIGNED, AttemptStatus.START_FAILED}:
        fields.setdefault("started_at", fields["assigned_at"])
    if status in ATTEMPT_TERMINAL:
        fields.setdefault("finished_at", max(now, fields["assigned_at"]))
    return Attempt.objects.create(run=run, **fields)
