"""The ledger: what became of every due time."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from audit.admin import ReadOnlyAdmin
from tasks.admin.filters import PeriodFilter
from tasks.admin.runs import BoundedPaginator
from tasks.models import Fire
from tasks.reasons import SENTENCES

PILLS = {"run": "succeeded", "skipped": "skipped", "missed": "failed", "coalesced": "queued"}


class DuePeriodFilter(PeriodFilter):
    field = "due_at"


@admin.register(Fire)
class FireAdmin(ReadOnlyAdmin):
    list_display = ("due_at", "task_slug", "pill", "count", "why", "its_run", "decided_at")
    list_filter = ("decision", DuePeriodFilter, "task")
    list_select_related = ("run",)
    list_per_page = 50
    list_display_links = None
    search_fields = ("task_slug",)
    show_full_result_count = False
    paginator = BoundedPaginator
    ordering = ("-due_at", "-pk")
    sortable_by = ()

    @admin.display(description=_("decision"))
    def pill(self, fire):
        return format_html(
            '<span class="k-pill {}">{}</span>', PILLS[fire.decision], fire.get_decision_display()
        )

    @admin.display(description=_("reason"))
    def why(self, fire):
        return SENTENCES.get(fire.reason, fire.reason)

    @admin.display(description=_("run"))
    def its_run(self, fire):
        if fire.run_id is None:
            return None
        url = reverse("admin:tasks_run_change", args=[fire.run_id])
        return format_html('<a href="{}">#{}</a>', url, fire.run_id)
