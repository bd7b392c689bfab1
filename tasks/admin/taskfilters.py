"""Filters of the list of tasks."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from tasks.models import Task, Trigger
from tasks.statuses import RunStatus


class StandingFilter(admin.SimpleListFilter):
    title = _("status")
    parameter_name = "standing"
    CHOICES = {
        "enabled": (_("enabled"), {"is_enabled": True, "paused_at": None}),
        "paused": (_("paused"), {"paused_at__isnull": False}),
        "disabled": (_("disabled"), {"is_enabled": False}),
    }

    def lookups(self, request, model_admin):
        return [(key, name) for key, (name, _condition) in self.CHOICES.items()]

    def queryset(self, request, queryset):
        if self.value() in self.CHOICES:
            return queryset.filter(**self.CHOICES[self.value()][1])
        return queryset


class TriggerKindFilter(admin.SimpleListFilter):
    title = _("trigger")
    parameter_name = "trigger"

    def lookups(self, request, model_admin):
        return Trigger.Kind.choices

    def queryset(self, request, queryset):
        if self.value() in Trigger.Kind.values:
            kinds = Trigger.objects.filter(kind=self.value())
            return queryset.filter(pk__in=kinds.values("task_id"))
        return queryset


class LastResultFilter(admin.SimpleListFilter):
    """By how the newest run ended, as the task's ring has it."""

    title = _("last result")
    parameter_name = "last"
    SHOWN = (RunStatus.SUCCEEDED, RunStatus.FAILED, RunStatus.TIMED_OUT, RunStatus.LOST)

    def lookups(self, request, model_admin):
        return [(status.value, status.label) for status in self.SHOWN]

    def queryset(self, request, queryset):
        if self.value() not in [status.value for status in self.SHOWN]:
            return queryset
        rings = Task.objects.values_list("pk", "recent")
        return queryset.filter(
            pk__in=[pk for pk, ring in rings if ring and ring[-1][1] == self.value()]
        )


class TagFilter(admin.SimpleListFilter):
    title = _("tag")
    parameter_name = "tag"

    def lookups(self, request, model_admin):
        rows = Task.objects.values_list("tags", flat=True)
        return [(tag, tag) for tag in sorted({tag for tags in rows for tag in tags})]

    def queryset(self, request, queryset):
        if not self.value():
            return queryset
        rows = Task.objects.values_list("pk", "tags")
        return queryset.filter(pk__in=[pk for pk, tags in rows if self.value() in tags])
