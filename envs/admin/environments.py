"""Pages of environments: the list, the form with its builds, and what may be done to them."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, Subquery
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.defaultfilters import filesizeformat
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from audit.admin import AuditedAdmin
from envs import building, interpreters, removal
from envs.admin import overview
from envs.forms import EnvironmentForm
from envs.models import Build, Environment
from envs.switching import specification


@admin.register(Environment)
class EnvironmentAdmin(AuditedAdmin):
    form = EnvironmentForm
    list_display = ("slug", "title", "status", "python_version", "packages", "size", "used_by")
    list_filter = ("kind",)
    search_fields = ("slug", "title", "requirements")
    ordering = ("slug",)
    list_select_related = ("current_build",)
    change_form_template = "admin/envs/environment/change_form.html"
    change_list_template = "admin/envs/environment/change_list.html"
    fieldsets = (
        (None, {"fields": ("slug", "title", "kind", "python")}),
        (gettext_lazy("Packages"), {"fields": ("requirements", "index")}),
    )
    actions = ("build_again",)

    def get_queryset(self, request):
        last = Build.objects.filter(environment=OuterRef("pk")).order_by("-number")
        return (
            super()
            .get_queryset(request)
            .annotate(last_status=Subquery(last.values("status")[:1]), task_count=Count("tasks"))
        )

    def get_readonly_fields(self, request, obj=None):
        # Its name is in the paths of its builds, which cannot be moved.
        return ("slug",) if obj else ()

    @admin.display(description=gettext_lazy("status"), ordering="last_status")
    def status(self, environment):
        status = environment.last_status or "pending"
        label = dict(Build.Status.choices).get(environment.last_status, _("not built"))
        return render_to_string("admin/kumo/_status.html", {"status": status, "label": label})

    @admin.display(description="Python", ordering="current_build__python_version")
    def python_version(self, environment):
        return environment.current_build and environment.current_build.python_version

    @admin.display(description=gettext_lazy("packages"))
    def packages(self, environment):
        return environment.current_build and len(environment.current_build.packages)

    @admin.display(description=gettext_lazy("size"), ordering="current_build__size_bytes")
    def size(self, environment):
        size = environment.current_build and environment.current_build.size_bytes
        return filesizeformat(size) if size else None

    @admin.display(description=gettext_lazy("tasks"), ordering="task_count")
    def used_by(self, environment):
        return environment.task_count

    # -- Saving and deleting ----------------------------------------------------------------

    def save_model(self, request, obj, form, change):
        before = Environment.objects.filter(pk=obj.pk).first()
        super().save_model(request, obj, form, change)
        is_same = before and specification(before) == specification(obj)
        if not is_same or before.index_id != obj.index_id:
            request.environment_to_build = obj

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        answer = super().changeform_view(request, object_id, form_url, extra_context)
        # An interpreter is asked by a process, for which no transaction should wait.
        if environment := getattr(request, "environment_to_build", None):
            self.ask_for_build(request, environment)
        return answer

    def ask_for_build(self, request, environment) -> None:
        try:
            build = building.request_build(environment, request.user)
        except building.BuildGoing:
            messages.info(
                request,
                _("%(name)s is being built; what was saved is built right after.")
                % {"name": environment},
            )
            return
        if build.status == Build.Status.FAILED:
            messages.error(request, overview.explain(build))
        else:
            messages.info(request, _("Build %(number)s was begun.") % {"number": build.number})

    def get_deleted_objects(self, objs, request):
        found, count, missing, protected = super().get_deleted_objects(objs, request)
        # Builds go with their environment: nobody is asked for a permission of their own.
        return found, count, missing - {Build._meta.verbose_name}, protected

    def log_deletions(self, request, queryset):
        # Deleting an environment records it.
        return admin.ModelAdmin.log_deletions(self, request, queryset)

    def delete_model(self, request, obj):
        try:
            removal.delete_environment(obj, request.user)
        except removal.EnvironmentInUse as problem:
            messages.error(request, str(problem))

    def delete_queryset(self, request, queryset):
        for environment in queryset:
            self.delete_model(request, environment)

    @admin.action(description=gettext_lazy("Build again"), permissions=["change"])
    def build_again(self, request, queryset):
        for environment in queryset:
            self.ask_for_build(request, environment)

    # -- Further pages ----------------------------------------------------------------------

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("interpreters/", wrap(self.interpreters), name="envs_environment_interpreters"),
            path("<int:pk>/build/", wrap(require_POST(self.build)), name="envs_environment_build"),
            path(
                "<int:pk>/builds/<int:build>/<str:act>/",
                wrap(require_POST(self.act_on_build)),
                name="envs_environment_act",
            ),
            *super().get_urls(),
        ]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        environment = self.get_object(request, object_id)
        context = overview.context(environment) if environment else {}
        return super().change_view(
            request, object_id, form_url, {**context, **(extra_context or {})}
        )

    def interpreters(self, request):
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": _("Interpreters of this machine"),
            "opts": self.opts,
            "found": [(each, overview.interpreter_sentence(each)) for each in interpreters.find()],
            "may_add": self.has_add_permission(request),
        }
        return TemplateResponse(request, "admin/envs/environment/interpreters.html", context)

    def build(self, request, pk):
        environment = self.changeable(request, pk)
        self.ask_for_build(request, environment)
        return self.back_to(environment)

    def act_on_build(self, request, pk, build, act):
        environment = self.changeable(request, pk)
        chosen = get_object_or_404(environment.builds, pk=build)
        chosen.environment = environment
        if act == "cancel":
            building.cancel_build(chosen, request.user)
        elif act == "use":
            self.use(request, environment, chosen)
        return self.back_to(environment)

    def use(self, request, environment, build) -> None:
        try:
            building.use_build(environment, build, request.user)
        except building.BuildNotUsable:
            messages.error(request, _("The files of this build are gone. Build again."))
        else:
            messages.success(
                request, _("New runs start in build %(number)s.") % {"number": build.number}
            )

    def changeable(self, request, pk) -> Environment:
        environment = get_object_or_404(Environment, pk=pk)
        if not self.has_change_permission(request, environment):
            raise PermissionDenied
        return environment

    def back_to(self, environment):
        return HttpResponseRedirect(reverse("admin:envs_environment_change", args=[environment.pk]))
