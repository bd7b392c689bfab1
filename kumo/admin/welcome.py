"""The first-run card: from nothing to a green run with one click."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from kumo import demo
from tasks.models import Run, Task

NEEDED = ("tasks.add_project", "tasks.add_task", "envs.add_environment", "tasks.run_task")


def card(request) -> dict | None:
    """Return the card's content while nothing has run yet, else None."""
    if Run.objects.exists() or not request.user.has_perms(NEEDED):
        return None
    project = reverse("admin:tasks_project_add")
    has_task = Task.objects.exists()
    return {
        "demo_url": reverse("admin:start_demo") if settings.KUMO_DEMO else None,
        "upload_url": project,
        "git_url": f"{project}?source=git",
        "steps": [
            {
                "title": _("Bring your code"),
                "text": _("A zip, pasted files or a git repository."),
                "url": project,
                "action": _("Add a project"),
            },
            {
                "title": _("Make its Python"),
                "text": _("Packages by requirements.txt, apart from all others."),
                "url": reverse("admin:envs_environment_add"),
                "action": _("Add an environment"),
            },
            {
                "title": _("Say what runs, and when"),
                "text": _("A command, a schedule, retries and limits."),
                "url": reverse("admin:tasks_task_add"),
                "action": _("Add a task"),
                "is_done": has_task,
            },
        ],
    }


def start_demo(request):
    """Make the demo project and run it; answer with its live log."""
    if request.method != "POST" or not request.user.has_perms(NEEDED):
        raise PermissionDenied
    try:
        run = demo.install(request.user)
    except demo.DemoTaken as taken:
        messages.error(request, str(taken))
        return redirect("admin:index")
    return redirect("admin:tasks_run_change", run.pk)
