"""Pages of builds: to look at, never to change."""

from django.contrib import admin

from audit.admin import ReadOnlyAdmin
from envs.admin import overview
from envs.models import Build


@admin.register(Build)
class BuildAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "status", "python_version", "created_at", "finished_at")
    list_filter = ("status", "environment")
    list_select_related = ("environment",)
    show_full_result_count = False
    change_form_template = "admin/envs/build/change_form.html"
    fields = ("environment", "number", "status")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("environment", "requested_by")

    def change_view(self, request, object_id, form_url="", extra_context=None):
        build = self.get_object(request, object_id)
        context = overview.build_context(build) if build else {}
        if build:
            context["may_change"] = request.user.has_perm("envs.change_environment")
        return super().change_view(
            request, object_id, form_url, {**context, **(extra_context or {})}
        )
