"""The admin site that all of Kumo's pages hang on."""

from django.contrib import admin
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _

from kumo.admin import nav, welcome
from kumo.admin.health import health_view
from kumo.admin.maintenance import maintenance_view
from kumo.admin.timeline import timeline_view
from monitoring import dashboard

FRAGMENTS = {"running", "upcoming", "recent", "figures", "nodes"}


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

    def index(self, request, extra_context=None):
        if not request.user.has_perm("tasks.view_run"):
            return super().index(request, extra_context)
        context = dashboard.context(request) | {"welcome": welcome.card(request)}
        return super().index(request, context | (extra_context or {}))

    def get_urls(self):
        own = [
            path("demo/", self.admin_view(welcome.start_demo), name="start_demo"),
            path("timeline/", self.admin_view(self.timeline), name="tasks_timeline"),
            path("maintenance/", self.admin_view(self.maintenance), name="tasks_maintenance"),
            path("health/", self.admin_view(self.health), name="health"),
            path("fragments/<slug:name>/", self.admin_view(self.fragment), name="fragment"),
        ]
        return own + super().get_urls()

    def timeline(self, request):
        return timeline_view(self, request)

    def maintenance(self, request):
        return maintenance_view(self, request)

    def health(self, request):
        return health_view(self, request)

    def fragment(self, request, name):
        """Answer with one card of the dashboard, for a page that is open."""
        if name not in FRAGMENTS or not request.user.has_perm("tasks.view_run"):
            raise Http404
        return TemplateResponse(request, f"admin/kumo/_{name}.html", dashboard.context(request))
