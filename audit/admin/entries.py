"""The page of the audit log."""

import csv
import json

from django.contrib import admin
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from audit.admin.base import ReadOnlyAdmin
from audit.models import AuditEntry
from audit.recording import record

MOST_EXPORTED = 100_000

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
        response = HttpResponse(content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="audit.csv"'
        writer = csv.writer(response)
        writer.writerow(COLUMNS)
        rows = queryset.order_by("-pk").values_list(*COLUMNS)[:MOST_EXPORTED]
        writer.writerows(map(cell, row) for row in rows)
        record("export", None, {"entries": queryset.count()})
        return response

    def has_delete_permission(self, request, obj=None):
        return False


def cell(value) -> str:
    """Return the value as a cell that no spreadsheet takes for a formula."""
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)
    return f"'{text}" if text[:1] in "=+-@\t\r" and text else text
