"""Pages of incidents: what is open, and who has seen it."""

from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from audit.admin import ReadOnlyAdmin
from audit.recording import record
from monitoring.models import Incident


class OpenFilter(admin.SimpleListFilter):
    title = _("status")
    parameter_name = "open"

    def lookups(self, request, model_admin):
        return [("1", _("open")), ("0", _("recovered"))]

    def queryset(self, request, queryset):
        if self.value() in ("0", "1"):
            return queryset.filter(closed_at__isnull=self.value() == "1")
        return queryset


@admin.register(Incident)
class IncidentAdmin(ReadOnlyAdmin):
    list_display = (
        *("opened_at", "task", "pill", "kind", "count", "first_run", "closed_at"),
        *("acknowledged_by", "rule"),
    )
    list_display_links = None
    list_filter = (OpenFilter, "kind", "rule")
    list_select_related = ("task", "run", "rule", "acknowledged_by")
    actions = ("acknowledge",)

    @admin.display(description=_("status"))
    def pill(self, incident):
        if incident.closed_at:
            return format_html('<span class="k-pill succeeded">{}</span>', _("recovered"))
        return format_html('<span class="k-pill failed">{}</span>', _("open"))

    @admin.display(description=_("first run"))
    def first_run(self, incident):
        if incident.run_id is None:
            return None
        url = reverse("admin:tasks_run_change", args=[incident.run_id])
        return format_html('<a href="{}">#{}</a>', url, incident.run_id)

    def has_acknowledge_permission(self, request):
        return request.user.has_perm("monitoring.change_incident")

    @admin.action(description=_("Acknowledge"), permissions=["acknowledge"])
    def acknowledge(self, request, queryset):
        chosen = list(queryset.filter(acknowledged_at=None).select_related("task"))
        queryset.filter(acknowledged_at=None).update(
            acknowledged_at=timezone.now(), acknowledged_by=request.user
        )
        for incident in chosen:
            record("acknowledge", incident)
        text = ngettext(
            "%(count)s incident was acknowledged.",
            "%(count)s incidents were acknowledged.",
            len(chosen),
        )
        self.message_user(request, text % {"count": len(chosen)})
