"""Pages of tasks."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from audit.admin import AuditedAdmin
from audit.recording import record
from nodes import bells
from tasks import pausing, scheduling
from tasks.admin import taskpages
from tasks.admin.taskfilters import LastResultFilter, StandingFilter, TagFilter, TriggerKindFilter
from tasks.admin.triggers import TriggerInline
from tasks.charts.strip import strip
from tasks.forms.tasks import TaskForm
from tasks.models import Run, Task, Trigger
from tasks.queue import QueueFull, WrongParams, enqueue
from tasks.statuses import RunStatus
from tasks.triggers import BadTrigger

SECTIONS = (
    (None, {"fields": ("slug", "title", "project", "environment", "command", "workdir")}),
    (
        _("Retries"),
        {
            "classes": ("collapse",),
            "fields": (
                "retry_count",
                "retry_delay",
                "retry_backoff",
                "retry_cap",
                "retry_jitter",
                "retry_on",
                "retry_exit_codes",
                "repeat_lost",
            ),
        },
    ),
    (
        _("Limits"),
        {
            "classes": ("collapse",),
            "fields": (
                "timeout",
                "silence_timeout",
                "queue_timeout",
                "stop_signal",
                "grace",
                "memory_limit_mb",
                "log_limit_mb",
                "breaker_limit",
            ),
        },
    ),
    (
        _("Queue"),
        {
            "classes": ("collapse",),
            "fields": (
                "priority",
                "overlap",
                "max_parallel",
                "queue_limit",
                "groups",
                "node",
                "misfire",
                "misfire_grace",
            ),
        },
    ),
    (
        _("More"),
        {
            "classes": ("collapse",),
            "fields": ("params", "revision", "tags", "description", "is_enabled"),
        },
    ),
)


@admin.register(Task)
class TaskAdmin(AuditedAdmin):
    form = TaskForm
    inlines = (TriggerInline,)
    fieldsets = SECTIONS
    list_display = (
        "name",
        "last_runs",
        "schedule",
        "next_fire",
        "last_run",
        "project",
        "standing",
        "buttons",
    )
    list_filter = (
        StandingFilter,
        "project",
        "environment",
        TriggerKindFilter,
        LastResultFilter,
        TagFilter,
        "node",
    )
    list_select_related = ("project", "environment")
    list_per_page = 50
    search_fields = ("slug", "title", "command", "tags")
    search_help_text = _("Name, title, command or tag")
    ordering = ("slug",)
    sortable_by = ("name", "last_run")
    actions = ("run_tasks", "pause_tasks", "resume_tasks")
    change_form_template = "admin/tasks/task/change_form.html"
    change_list_template = "admin/tasks/task/change_list.html"

    def get_queryset(self, request):
        triggers = Trigger.objects.filter(is_enabled=True).select_related("upstream")
        return super().get_queryset(request).prefetch_related(Prefetch("triggers", triggers))

    @admin.display(description=_("task"), ordering="slug")
    def name(self, task):
        return format_html('{}<br><code class="k-dim">{}</code>', task, task.command[:80])

    @admin.display(description=_("last 20 runs"))
    def last_runs(self, task):
        return strip(task.recent)

    @admin.display(description=_("schedule"))
    def schedule(self, task):
        return format_html(
            "{}",
            "; ".join(taskpages.schedule(trigger) for trigger in task.triggers.all()[:3]) or "–",
        )

    @admin.display(description=_("next fire"))
    def next_fire(self, task):
        return min(
            (each.next_fire_at for each in task.triggers.all() if each.next_fire_at), default=None
        )

    @admin.display(description=_("last run"), ordering="last_run_at")
    def last_run(self, task):
        if not task.recent:
            return None
        run, status, _seconds = task.recent[-1]
        return format_html(
            '<a href="{}"><span class="k-pill {}">{}</span></a>',
            reverse("admin:tasks_run_change", args=[run]),
            status,
            RunStatus(status).label,
        )

    @admin.display(description=_("status"))
    def standing(self, task):
        status, label = taskpages.standing(task)
        return format_html('<span class="k-pill {}">{}</span>', status, label)

    @admin.display(description=_("actions"))
    def buttons(self, task):
        return format_html(
            '<div class="k-actions"><button class="k-button" name="_run" value="{}">{}</button>'
            '<button class="k-button" name="{}" value="{}">{}</button></div>',
            task.pk,
            _("Run"),
            "_resume" if task.paused_at else "_pause",
            task.pk,
            _("Resume") if task.paused_at else _("Pause"),
        )

    def has_run_permission(self, request):
        return request.user.has_perm("tasks.run_task")

    def changelist_view(self, request, extra_context=None):
        if request.method == "POST" and (answer := self.press(request)):
            return answer
        return super().changelist_view(request, extra_context)

    def press(self, request):
        """Do what a row's button says; None when none was pressed."""
        pressed = {"_run": self.run_one, "_pause": self.pause_one, "_resume": self.resume_one}
        for name, act in pressed.items():
            pk = request.POST.get(name, "")
            if pk.isascii() and pk.isdigit() and len(pk) < 19:
                return act(request, get_object_or_404(Task, pk=pk))
        return None

    def run_one(self, request, task):
        if not self.has_run_permission(request):
            raise PermissionDenied
        if taskpages.needs_values(task):
            return redirect("admin:tasks_task_run", task.pk)
        run = self.try_run(request, task)
        return redirect("admin:tasks_run_change", run.pk) if run else back(request)

    def try_run(self, request, task, params=None) -> Run | None:
        """Queue a run; say why where that cannot be."""
        try:
            run = enqueue(task, Run.Origin.PAGE, params=params, requested_by=request.user)
        except QueueFull as full:
            text = _("%(task)s has %(limit)s runs waiting already, which is its limit.")
            self.message_user(request, text % {"task": task, "limit": full.limit}, messages.ERROR)
        except WrongParams as wrong:
            text = _("%(task)s needs other parameters: %(names)s.")
            names = ", ".join(wrong.errors)
            self.message_user(request, text % {"task": task, "names": names}, messages.ERROR)
        else:
            record("run", run)
            return run
        return None

    def pause_one(self, request, task):
        self.change_pause(request, [task], pausing.pause, "pause")
        return back(request)

    def resume_one(self, request, task):
        self.change_pause(request, [task], pausing.resume, "resume")
        return back(request)

    def change_pause(self, request, tasks, change, action) -> int:
        if not self.has_change_permission(request):
            raise PermissionDenied
        changed = [task for task in tasks if change(task)]
        for task in changed:
            record(action, task)
        return len(changed)

    @admin.action(description=_("Run now"), permissions=["run"])
    def run_tasks(self, request, queryset):
        count = sum(self.try_run(request, task) is not None for task in queryset)
        text = ngettext("%(count)s run was queued.", "%(count)s runs were queued.", count)
        self.message_user(request, text % {"count": count})

    @admin.action(description=_("Pause"), permissions=["change"])
    def pause_tasks(self, request, queryset):
        count = self.change_pause(request, queryset, pausing.pause, "pause")
        text = ngettext("%(count)s task is paused.", "%(count)s tasks are paused.", count)
        self.message_user(request, text % {"count": count})

    @admin.action(description=_("Resume"), permissions=["change"])
    def resume_tasks(self, request, queryset):
        count = self.change_pause(request, queryset, pausing.resume, "resume")
        text = ngettext("%(count)s task goes on.", "%(count)s tasks go on.", count)
        self.message_user(request, text % {"count": count})

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("preview/", wrap(self.preview_view), name="tasks_task_preview"),
            path("collisions/", wrap(self.collisions_view), name="tasks_collisions"),
            path("<int:pk>/run/", wrap(self.run_view), name="tasks_task_run"),
            *super().get_urls(),
        ]

    def run_view(self, request, pk):
        if not self.has_run_permission(request):
            raise PermissionDenied
        task = get_object_or_404(Task, pk=pk)
        return taskpages.run_page(self, request, task)

    def preview_view(self, request):
        if not self.has_view_permission(request):
            raise PermissionDenied
        return taskpages.preview_fragment(request)

    def collisions_view(self, request):
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = self.admin_site.each_context(request) | taskpages.collisions_context()
        return TemplateResponse(request, "admin/tasks/task/collisions.html", context)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        extra = taskpages.extra_context(object_id) | (extra_context or {})
        return super().change_view(request, object_id, form_url, extra)

    def save_related(self, request, form, formsets, change):
        task = form.instance
        before = taskpages.next_fire(task) if change else None
        super().save_related(request, form, formsets, change)
        now = timezone.now()
        written = {obj.pk for formset in formsets for obj in saved(formset)}
        # The others keep their next fire: what is overdue still has to be decided on.
        for trigger in task.triggers.filter(pk__in=written):
            try:
                scheduling.set_next_fire(trigger, now)
            except BadTrigger as problem:
                self.message_user(request, str(problem), messages.ERROR)
        bells.ring_on_commit("clock")
        taskpages.say_next_fire(self, request, before, taskpages.next_fire(task))


def saved(formset) -> list:
    """Return the rows that the formset has made or changed."""
    return [*formset.new_objects, *(obj for obj, _fields in formset.changed_objects)]


def back(request):
    return redirect(f"{reverse('admin:tasks_task_changelist')}?{request.GET.urlencode()}")
