"""The admin pages that all others derive from: what they change is recorded."""

from django.contrib import admin
from django.db import models

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


def written(obj: models.Model) -> list[str]:
    """Return the names of the fields that people edit, and of those that note the change."""
    return [
        field.name
        for field in obj._meta.concrete_fields
        if not field.primary_key and (field.editable or getattr(field, "auto_now", False))
    ]


class AuditedAdmin(admin.ModelAdmin):
    """Records every creation, change and deletion, with each field before and after."""

    def save_model(self, request, obj, form, change):
        if not change:
            return super().save_model(request, obj, form, change)
        request.values_before = values(obj)
        # What runs and builds write in the same row meanwhile must not be written over.
        return obj.save(update_fields=written(obj))

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
