"""The admin site that all of Kumo's pages hang on."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from kumo.admin import nav


class KumoAdminSite(admin.AdminSite):
    site_title = "Kumo"
    site_header = "Kumo"
    index_title = _("Dashboard")
    enable_nav_sidebar = False
    index_template = "admin/index.html"
    empty_value_display = "–"

    def each_context(self, request):
        context = super().each_context(request)
        if context["has_permission"]:
            context["nav"] = nav.groups(request)
        return context
