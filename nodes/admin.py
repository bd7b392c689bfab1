"""Pages of nodes."""

from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from audit.admin import AuditedAdmin
from nodes.models import Node


@admin.register(Node)
class NodeAdmin(AuditedAdmin):
    list_display = (
        "slug",
        "title",
        "pill",
        "slots",
        "is_accepting",
        "cpu",
        "memory",
        "disk",
        "beat_at",
    )
    fields = ("slug", "title", "slots", "is_accepting", "labels", "beat_at")
    readonly_fields = ("slug", "beat_at")
    search_fields = ("slug", "title")

    def has_add_permission(self, request):
        return False

    @admin.display(description=_("status"))
    def pill(self, node):
        if node.is_silent():
            return format_html('<span class="k-pill offline">{}</span>', _("offline"))
        if not node.is_accepting:
            return format_html('<span class="k-pill draining">{}</span>', _("draining"))
        return format_html('<span class="k-pill online">{}</span>', _("online"))

    @admin.display(description=_("CPU"))
    def cpu(self, node):
        value = node.figures.get("cpu_percent")
        return None if value is None else f"{round(value)} %"

    @admin.display(description=_("memory"))
    def memory(self, node):
        return percent(node, "memory_bytes", "memory_total_bytes")

    @admin.display(description=_("disk"))
    def disk(self, node):
        return percent(node, "disk_bytes", "disk_total_bytes")


def percent(node: Node, part: str, whole: str) -> str | None:
    if not node.figures.get(whole):
        return None
    return f"{round(100 * node.figures[part] / node.figures[whole])} %"
