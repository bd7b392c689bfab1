"""Maintenance: one switch for everything."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from audit.recording import record
from nodes.delivery import deliver
from tasks.models import Maintenance, Run


def maintenance_view(site, request):
    """Show the switch; a POST turns it."""
    if not request.user.has_perm("tasks.change_maintenance"):
        raise PermissionDenied
    if request.method == "POST":
        turn(request)
        return redirect("admin:tasks_maintenance")
    row = Maintenance.objects.filter(pk=1).select_related("user").first()
    context = site.each_context(request) | {
        "title": _("Maintenance"),
        "maintenance": row if row and row.since else None,
        "running": Run.objects.filter(status=Run.Status.RUNNING).count(),
    }
    return TemplateResponse(request, "admin/tasks/maintenance.html", context)


def turn(request) -> None:
    if "begin" in request.POST:
        note = request.POST.get("note", "").replace("\x00", "")[:200]
        if Maintenance.begin(request.user, note):
            record("begin_maintenance", Maintenance.objects.get(pk=1))
            messages.success(request, _("Maintenance has begun."))
    elif Maintenance.end():
        record("end_maintenance", Maintenance.objects.get(pk=1))
        deliver("tasks.deliveries.start_runs", 0)
        messages.success(request, _("Maintenance has ended."))
