"""Runs counted by day as they end, so that no page ever scans the runs."""

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from tasks.statuses import RunStatus


class RunDay(models.Model):
    """How many runs of a task ended with a status on one day (UTC), and how long they took."""

    task = models.ForeignKey("tasks.Task", models.SET_NULL, null=True, related_name="days")
    project = models.ForeignKey("tasks.Project", models.SET_NULL, null=True, related_name="days")
    day = models.DateField(_("day"))
    status = models.CharField(_("status"), max_length=12, choices=RunStatus)
    count = models.PositiveIntegerField(_("runs"), default=0)
    seconds = models.FloatField(_("seconds"), default=0)

    class Meta:
        verbose_name = _("day of runs")
        verbose_name_plural = _("days of runs")
        default_permissions = ()
        indexes = [models.Index(fields=["day", "status"], name="runday_day")]
        constraints = [
            models.UniqueConstraint(fields=["task", "day", "status"], name="runday_once")
        ]

    def __str__(self):
        return f"{self.day} {self.status} {self.count}"

    @classmethod
    def add(cls, run) -> None:
        """Count an ended run; call it in the transaction that ends the run."""
        counted = cls.objects.filter(
            task_id=run.task_id, day=run.finished_at.date(), status=run.status
        ).update(count=F("count") + 1, seconds=F("seconds") + (run.duration or 0))
        if not counted:
            cls.begin(run)

    @classmethod
    def begin(cls, run) -> None:
        """Make the day's row, unless another run has just made it."""
        cls.objects.get_or_create(
            task_id=run.task_id,
            day=run.finished_at.date(),
            status=run.status,
            defaults={"project_id": run.project_id},
        )
        cls.add(run)
