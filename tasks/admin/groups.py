"""Pages of concurrency groups."""

from django.contrib import admin

from audit.admin import AuditedAdmin
from tasks.models import ConcurrencyGroup


@admin.register(ConcurrencyGroup)
class ConcurrencyGroupAdmin(AuditedAdmin):
    list_display = ("slug", "title", "max_parallel")
    search_fields = ("slug", "title")
