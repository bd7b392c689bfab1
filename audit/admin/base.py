"""The admin pages that all others derive from: what they change is recorded."""

from django.contrib import admin

from audit.changes import created, differences, values
from audit.recording import record


def inline_changes(message) -> dict:
    """Return what Django's change message says of the rows below the object."""
    found = {}
    for part in message if isinstance(message, list) else ():
        for verb, told in part.items():
            if "object" in told:
                row = f"{verb}: {told['object']} {', '.join(map(str, told.get('fields', ())))}"
                found.setdefault(str(told["name"]), []).append(row.strip())
    return found


class AuditedAdmin(admin.ModelAdmin):
    """Records every creation, change and deletion, with each field before and after."""

    def save_model(self, request, obj, form, change):
        if change:
            request.values_before = values(obj)
        super().save_model(request, obj, form, change)

    def log_addition(self, request, obj, message):
        record("create", obj, created(obj) | inline_changes(message))
        return super().log_addition(request, obj, message)

    def log_change(self, request, obj, message):
        before = getattr(request, "values_before", None)
        changes = {} if before is None else differences(before, values(obj))
        if isinstance(message, str):
            changes["note"] = message
        record("change", obj, changes | inline_changes(message))
        return super().log_change(request, obj, message)

    def log_deletions(self, request, queryset):
        for obj in queryset:
            before = {name: [each, None] for name, each in values(obj).items() if each}
            record("delete", obj, before)
        return super().log_deletions(request, queryset)


class ReadOnlyAdmin(AuditedAdmin):
    """Shows rows that Kumo itself writes; nobody adds or edits them."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False
