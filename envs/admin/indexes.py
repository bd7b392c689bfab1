"""Pages of package indexes: the form, a test of their addresses, and mirrors to choose from."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from audit.admin import AuditedAdmin
from envs import latency
from envs.forms import IndexForm
from envs.mirrors import mirrors
from envs.models import PackageIndex

PROBLEMS = {
    "timeout": gettext_lazy("no answer in 5 s"),
    "certificate": gettext_lazy("its certificate is not valid"),
    "unreachable": gettext_lazy("cannot be reached"),
    "refused": gettext_lazy("answers, but not as a package index"),
}


@admin.register(PackageIndex)
class PackageIndexAdmin(AuditedAdmin):
    form = IndexForm
    list_display = ("slug", "title", "url", "is_default", "used_by")
    search_fields = ("slug", "title", "url")
    ordering = ("slug",)
    change_form_template = "admin/envs/packageindex/change_form.html"
    change_list_template = "admin/envs/packageindex/change_list.html"

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(environment_count=Count("environments"))

    @admin.display(description=gettext_lazy("environments"), ordering="environment_count")
    def used_by(self, index):
        return index.environment_count

    def changelist_view(self, request, extra_context=None):
        taken = set(PackageIndex.objects.values_list("url", flat=True))
        offered = [mirror for mirror in mirrors() if mirror.url not in taken]
        return super().changelist_view(request, {"mirrors": offered, **(extra_context or {})})

    def get_urls(self):
        test = self.admin_site.admin_view(require_POST(self.test))
        return [
            path("<int:pk>/test/", test, name="envs_packageindex_test"),
            *super().get_urls(),
        ]

    def test(self, request, pk):
        """Ask the index from this machine, and show how long its answers took."""
        index = get_object_or_404(PackageIndex, pk=pk)
        if not self.has_view_permission(request, index):
            raise PermissionDenied
        answers = [(answer, PROBLEMS.get(answer.problem, "")) for answer in latency.measure(index)]
        context = {
            **self.admin_site.each_context(request),
            "title": _("Test of %(name)s") % {"name": index},
            "opts": self.opts,
            "index": index,
            "answers": answers,
        }
        return TemplateResponse(request, "admin/envs/packageindex/test.html", context)
