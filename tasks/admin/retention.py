"""The page of the retention rules, with how much space attempts take."""

from django.contrib import admin
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from audit.admin import AuditedAdmin
from nodes import disk
from tasks.charts.bars import share
from tasks.lengths import size
from tasks.models import Retention
from tasks.retention import space

GB = 2**30


@admin.register(Retention)
class RetentionAdmin(AuditedAdmin):
    change_form_template = "admin/tasks/retention/change_form.html"

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def changelist_view(self, request, extra_context=None):
        return redirect("admin:tasks_retention_change", Retention.get().pk)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        extra = {"space": budget(Retention.get())} | (extra_context or {})
        return super().change_view(request, object_id, form_url, extra)


def budget(kept: Retention) -> dict:
    """Return what attempts take, of what they may take, in words and as a bar."""
    used = space.used()
    most = kept.budget_gb * GB or used + disk.usage().free
    text = _("%(used)s of %(most)s") % {"used": size(used), "most": size(most)}
    return {"text": text, "bar": share(100 * used / most, text)}
