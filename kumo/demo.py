"""The bundled demo: a project, an environment and a task, made and run with one click."""

import sys

from django.conf import settings
from django.utils.translation import gettext as _

from audit.recording import record
from envs.building import request_build
from envs.models import Environment
from tasks.models import Project, Run, Task
from tasks.queue import enqueue
from tasks.revisions import Files, create_project

SOURCE = settings.BASE_DIR / "examples" / "demo"
SLUG = "demo"
ENVIRONMENT = "system"


class DemoTaken(Exception):
    """Something else has the names that the demo needs."""

    def __str__(self):
        return _(
            "There is already a task of the name demo that is not the demo's. Rename it first."
        )


def install(user) -> Run:
    """Make what is missing of the demo, and run it; raises DemoTaken."""
    task = Task.objects.filter(slug=SLUG).first() or make_task(user)
    if task.project.slug != SLUG:
        raise DemoTaken
    run = enqueue(task, Run.Origin.PAGE, requested_by=user)
    record("run", run, user=user)
    return run


def make_task(user) -> Task:
    project = Project.objects.filter(slug=SLUG).first() or create_project(
        SLUG, _("Demo"), Files(files()), user
    )
    task = Task(
        slug=SLUG,
        title=_("Demo spider"),
        project=project,
        environment=environment(user),
        command="python crawl.py",
        timeout=300,
    )
    task.full_clean()
    task.save()
    record("create", task, user=user)
    return task


def files() -> dict[str, str]:
    return {
        path.relative_to(SOURCE).as_posix(): path.read_text()
        for path in SOURCE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def environment(user) -> Environment:
    """Return the environment of Kumo's own interpreter, made when it is not there."""
    found = Environment.objects.filter(slug=ENVIRONMENT).first()
    if found is None:
        found = Environment.objects.create(
            slug=ENVIRONMENT,
            title=_("Python of this machine"),
            kind=Environment.Kind.SYSTEM,
            python=sys.executable,
        )
        record("create", found, user=user)
        request_build(found, user)
    return found
