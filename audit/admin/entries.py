"""The page of the audit log."""

import csv
import json

from django.contrib import admin
from django.http import StreamingHttpResponse
from django.utils.translation import gettext_lazy as _

from audit.admin.base import ReadOnlyAdmin
from audit.models import AuditEntry

COLUMNS = (
    "id",
    "at",
    "user_name",
    "source",
    "address",
    "action",
    "object_type",
    "object_id",
    "object_name",
    "succeeded",
    "changes",
)


class Echo:
    """Gives back what is written to it, so that rows can be streamed."""

    def write(self, text: str) -> str:
        return text


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = (
        "at",
        "user_name",
        "source",
        "address",
        "action",
        "object_type",
        "object_name",
        "succeeded",
    )
    list_filter = ("action", "source", "succeeded", "object_type")
    search_fields = ("user_name", "object_name", "=object_id", "=address")
    search_help_text = _("User, object, its id, or address")
    fields = (*list_display, "object_id", "written_changes", "digest")
    readonly_fields = ("written_changes", "digest")
    show_full_result_count = False
    list_per_page = 50
    sortable_by = ()
    actions = ("export",)

    @admin.display(description=_("changes"))
    def written_changes(self, entry):
        return json.dumps(entry.changes, ensure_ascii=False, indent=1)

    @admin.action(description=_("Export the chosen entries as CSV"), permissions=["view"])
    def export(self, request, queryset):
        writer = csv.writer(Echo())
        rows = queryset.order_by("pk").values_list(*COLUMNS)
        lines = (writer.writerow(map(cell, row)) for row in (COLUMNS, *rows))
        response = StreamingHttpResponse(lines, "text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="audit.csv"'
        return response

    def has_delete_permission(self, request, obj=None):
        return False


def cell(value) -> str:
    """Return the value as a cell that no spreadsheet takes for a formula."""
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)
    return f"'{text}" if text[:1] in "=+-@\t\r" and text else text
