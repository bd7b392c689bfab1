"""How long runs and their files are kept."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tasks.models.task import whole

YEARS = 36_500


class Retention(models.Model):
    """A single row; 0 sets no limit. Pinned and active runs are never touched."""

    keep_days = whole(_("keep runs for (days)"), 90, 0, YEARS)
    keep_failed_days = whole(_("keep failed runs for (days)"), 180, 0, YEARS)
    keep_files_days = whole(
        _("keep logs and files for (days)"),
        30,
        0,
        YEARS,
        help_text=_("The run itself stays for as long as is said above."),
    )
    keep_runs_per_task = whole(_("keep runs of a task, at most"), 1000, 0, 10_000_000)
    budget_gb = whole(
        _("space for logs and files (GB)"),
        0,
        0,
        1_000_000,
        help_text=_("Beyond it the oldest go first, failed ones last."),
    )
    keep_fires_days = whole(_("keep the ledger of fires for (days)"), 180, 0, YEARS)

    class Meta:
        verbose_name = _("retention")
        verbose_name_plural = _("retention")
        default_permissions = ("view", "change")

    def __str__(self):
        return str(_("retention"))

    @classmethod
    def get(cls) -> "Retention":
        return cls.objects.get_or_create(pk=1)[0]
