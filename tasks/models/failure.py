"""Reasons why runs fail, told apart by what they have in common."""

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _


class Failure(models.Model):
    """One reason: runs with the same error at the same place have the same `fingerprint`."""

    fingerprint = models.CharField(max_length=16, unique=True)
    title = models.CharField(_("reason"), max_length=200)
    first_seen_at = models.DateTimeField(_("first seen"))
    last_seen_at = models.DateTimeField(_("last seen"))

    class Meta:
        verbose_name = _("failure reason")
        verbose_name_plural = _("failure reasons")
        ordering = ["-last_seen_at"]
        default_permissions = ("view",)

    def __str__(self):
        return self.title


class FailureDay(models.Model):
    """How often a task failed for a reason on one day (UTC)."""

    failure = models.ForeignKey(Failure, models.CASCADE, related_name="days")
    task = models.ForeignKey("tasks.Task", models.SET_NULL, null=True, related_name="+")
    project = models.ForeignKey("tasks.Project", models.SET_NULL, null=True, related_name="+")
    day = models.DateField(_("day"))
    count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("day of failures")
        verbose_name_plural = _("days of failures")
        default_permissions = ()
        indexes = [models.Index(fields=["day"], name="failureday_day")]
        constraints = [
            models.UniqueConstraint(fields=["failure", "task", "day"], name="failureday_once")
        ]

    def __str__(self):
        return f"{self.day} {self.failure} {self.count}"

    @classmethod
    def add(cls, failure: Failure, run) -> None:
        row = cls.objects.get_or_create(
            failure=failure,
            task_id=run.task_id,
            day=run.finished_at.date(),
            defaults={"project_id": run.project_id},
        )[0]
        cls.objects.filter(pk=row.pk).update(count=F("count") + 1)
