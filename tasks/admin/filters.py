"""Filters that several lists share."""

from datetime import timedelta

from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tasks.failures import words
from tasks.models import Failure

PERIODS = {
    "1h": (_("last hour"), timedelta(hours=1)),
    "24h": (_("last 24 hours"), timedelta(days=1)),
    "7d": (_("last 7 days"), timedelta(days=7)),
    "30d": (_("last 30 days"), timedelta(days=30)),
}


class PeriodFilter(admin.SimpleListFilter):
    """Rows whose `field` is not older than the chosen period."""

    title = _("time")
    parameter_name = "period"
    field = "queued_at"

    def lookups(self, request, model_admin):
        return [(key, name) for key, (name, _length) in PERIODS.items()]

    def queryset(self, request, queryset):
        if self.value() in PERIODS:
            since = timezone.now() - PERIODS[self.value()][1]
            return queryset.filter(**{f"{self.field}__gte": since})
        return queryset


class FailureFilter(admin.SimpleListFilter):
    """Runs that failed for one reason, which the dashboard's list of reasons leads to."""

    title = _("failure reason")
    parameter_name = "failure__id__exact"

    def lookups(self, request, model_admin):
        newest = Failure.objects.order_by("-last_seen_at")[:20]
        return [(failure.pk, words(failure.title)) for failure in newest]

    def queryset(self, request, queryset):
        value = self.value() or ""
        if value.isascii() and value.isdigit() and len(value) < 19:
            return queryset.filter(failure=value)
        return queryset
