"""The list of runs, and the addresses of the run page and its buttons."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from audit.admin import ReadOnlyAdmin
from audit.recording import record
from tasks.admin import runfiles, runpage
from tasks.admin.filters import FailureFilter, PeriodFilter
from tasks.forms.runs import ParamsForm
from tasks.lengths import length
from tasks.models import Run
from tasks.queue import QueueFull, WrongParams
from tasks.reasons import explain
from tasks.rerun import TaskGone, run_again
from tasks.stopping import request_stop

COUNTED_AT_MOST = 10_000


class BoundedPaginator(Paginator):
    """Counts up to a bound, so that a million runs open as quickly as a hundred."""

    @cached_property
    def count(self):
        return self.object_list.order_by()[: COUNTED_AT_MOST + 1].count()


@admin.register(Run)
class RunAdmin(ReadOnlyAdmin):
    list_display = ("name", "pill", "origin", "begun", "took", "node", "why")
    list_filter = ("status", "origin", PeriodFilter, "node", "project", "task", FailureFilter)
    list_select_related = ("node",)
    list_per_page = 50
    search_fields = ("task_slug", "=id")
    search_help_text = _("Name of the task, or number of the run")
    show_full_result_count = False
    paginator = BoundedPaginator
    ordering = ("-pk",)
    sortable_by = ()
    actions = ("stop_runs", "rerun_runs")

    @admin.display(description=_("run"))
    def name(self, run):
        return format_html('{} <span class="k-dim">#{}</span>', run.task_slug, run.pk)

    @admin.display(description=_("status"))
    def pill(self, run):
        return format_html(
            '<span class="k-pill {}">{}</span>', run.status, run.get_status_display()
        )

    @admin.display(description=_("queued"))
    def begun(self, run):
        return run.queued_at

    @admin.display(description=_("duration"))
    def took(self, run):
        return length(run.duration)

    @admin.display(description=_("reason"))
    def why(self, run):
        return explain(run)

    def has_run_permission(self, request):
        return request.user.has_perm("tasks.run_task")

    @admin.action(description=_("Stop"), permissions=["run"])
    def stop_runs(self, request, queryset):
        stopped = [run for run in queryset if request_stop(run)]
        for run in stopped:
            record("stop", run)
        self.message_user(
            request,
            ngettext("%(count)s run is stopping.", "%(count)s runs are stopping.", len(stopped))
            % {"count": len(stopped)},
        )

    @admin.action(description=_("Run again"), permissions=["run"])
    def rerun_runs(self, request, queryset):
        count = sum(self.try_again(request, run) is not None for run in queryset.order_by("pk"))
        self.message_user(
            request,
            ngettext("%(count)s run was queued.", "%(count)s runs were queued.", count)
            % {"count": count},
        )

    def try_again(self, request, run, params=None) -> Run | None:
        """Queue the run again; say why where that cannot be."""
        try:
            again = run_again(run, params=params, requested_by=request.user)
        except TaskGone:
            self.message_user(request, _("The task of this run was deleted."), messages.ERROR)
        except QueueFull as full:
            text = _("%(task)s has %(limit)s runs waiting already, which is its limit.")
            self.message_user(
                request, text % {"task": run.task, "limit": full.limit}, messages.ERROR
            )
        except WrongParams:
            text = _("The task's parameters have changed. Use “Run again with changes”.")
            self.message_user(request, text, messages.ERROR)
        else:
            record("run", again)
            return again
        return None

    def get_urls(self):
        pages = {
            "stop": self.stop_view,
            "again": self.again_view,
            "change-and-run": self.change_and_run_view,
            "pin": self.pin_view,
            "text": self.text_view,
            "header": self.header_view,
            "files.zip": self.zip_view,
        }
        own = [
            path(
                f"<int:pk>/{name}/", self.admin_site.admin_view(view), name=f"tasks_run_{url(name)}"
            )
            for name, view in pages.items()
        ]
        file = self.admin_site.admin_view(self.file_view)
        own.append(path("<int:pk>/files/<path:name>", file, name="tasks_run_file"))
        return own + super().get_urls()

    def get(self, request, pk, permission="tasks.view_run") -> Run:
        if not request.user.has_perm(permission):
            raise PermissionDenied
        return get_object_or_404(runpage.RUNS, pk=pk)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        if not str(object_id).isdigit():
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        run = self.get(request, object_id)
        context = self.admin_site.each_context(request) | runpage.context(run, request)
        return TemplateResponse(request, "admin/tasks/run/page.html", context)

    def header_view(self, request, pk):
        run = self.get(request, pk)
        return TemplateResponse(
            request, "admin/tasks/run/_header.html", runpage.header(run, request)
        )

    def text_view(self, request, pk):
        return runpage.plain_text(self.get(request, pk), request)

    def stop_view(self, request, pk):
        run = self.get(request, pk, "tasks.run_task")
        if request.method == "POST":
            if request_stop(run):
                record("stop", run)
                self.message_user(request, _("The run is being stopped."))
            else:
                self.message_user(request, _("The run has ended already."), messages.WARNING)
        return to_page(run)

    def again_view(self, request, pk):
        run = self.get(request, pk, "tasks.run_task")
        again = self.try_again(request, run) if request.method == "POST" else None
        return to_page(again or run)

    def change_and_run_view(self, request, pk):
        run = self.get(request, pk, "tasks.run_task")
        if run.task is None:
            self.message_user(request, _("The task of this run was deleted."), messages.ERROR)
            return to_page(run)
        form = ParamsForm(run.task, request.POST or None, initial=run.params)
        if request.method == "POST" and form.is_valid():
            again = self.try_again(request, run, params=form.values)
            return to_page(again or run)
        context = self.admin_site.each_context(request) | {
            "title": _("Run again with changes"),
            "run": run,
            "task": run.task,
            "form": form,
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/tasks/run/again.html", context)

    def pin_view(self, request, pk):
        run = self.get(request, pk, "tasks.run_task")
        if request.method == "POST":
            run.is_pinned = not run.is_pinned
            run.save(update_fields=["is_pinned"])
            record("pin" if run.is_pinned else "unpin", run)
        return to_page(run)

    def file_view(self, request, pk, name):
        return runfiles.download(self.get(request, pk), name, request)

    def zip_view(self, request, pk):
        return runfiles.download_all(self.get(request, pk), request)


def url(name: str) -> str:
    return name.replace("-", "_").replace(".", "_")


def to_page(run: Run):
    return redirect(reverse("admin:tasks_run_change", args=[run.pk]))
