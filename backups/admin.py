"""Pages of backups: a button, a plan, and downloads for administrators."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from audit.admin import AuditedAdmin, ReadOnlyAdmin
from audit.recording import record
from backups import planning
from backups.making import default_directory
from backups.models import Backup, BackupPlan
from tasks.artifacts import pieces
from tasks.lengths import size
from tasks.streaming import stream

PILLS = {"making": "running", "verified": "verified", "failed": "failed"}


@admin.register(Backup)
class BackupAdmin(ReadOnlyAdmin):
    list_display = ("started_at", "pill", "file_size", "has_key", "detail", "download")
    list_display_links = None
    list_filter = ("status",)
    change_list_template = "admin/backups/backup/change_list.html"

    @admin.display(description=_("status"))
    def pill(self, backup):
        return format_html(
            '<span class="k-pill {}">{}</span>', PILLS[backup.status], backup.get_status_display()
        )

    @admin.display(description=_("size"))
    def file_size(self, backup):
        return size(backup.size_bytes)

    @admin.display(description=_("file"))
    def download(self, backup):
        if not backup.file_name or not (default_directory() / backup.file_name).is_file():
            return None
        url = reverse("admin:backups_backup_download", args=[backup.pk])
        return format_html('<a href="{}">{}</a>', url, backup.file_name)

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("now/", wrap(self.now_view), name="backups_backup_now"),
            path("<int:pk>/download/", wrap(self.download_view), name="backups_backup_download"),
            *super().get_urls(),
        ]

    def now_view(self, request):
        if not request.user.has_perm("backups.add_backup"):
            raise PermissionDenied
        if request.method == "POST":
            if Backup.objects.filter(status=Backup.Status.MAKING).exists():
                self.message_user(request, _("A backup is being made already."), messages.WARNING)
            else:
                record("request_backup", planning.request(request.user))
                self.message_user(request, _("The backup is being made."))
        return redirect("admin:backups_backup_changelist")

    def download_view(self, request, pk):
        # It holds the whole database: nobody but an administrator may have it.
        if not request.user.is_superuser:
            raise PermissionDenied
        backup = get_object_or_404(Backup, pk=pk, status=Backup.Status.VERIFIED)
        file = default_directory() / backup.file_name
        if not file.is_file():
            raise Http404
        record("download", backup)
        response = stream(request, pieces(file.open("rb")), "application/gzip")
        response["Content-Disposition"] = f'attachment; filename="{backup.file_name}"'
        return response

    def delete_model(self, request, obj):
        if obj.file_name:
            (default_directory() / obj.file_name).unlink(missing_ok=True)
        super().delete_model(request, obj)

    def delete_queryset(self, request, queryset):
        for backup in queryset:
            self.delete_model(request, backup)


@admin.register(BackupPlan)
class BackupPlanAdmin(AuditedAdmin):
    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def changelist_view(self, request, extra_context=None):
        return redirect("admin:backups_backupplan_change", BackupPlan.get().pk)
