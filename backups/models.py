"""Backups that were made, and when the next one is."""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def number(name, default, most):
    return models.PositiveIntegerField(
        name, default=default, validators=[MinValueValidator(0), MaxValueValidator(most)]
    )


class Backup(models.Model):
    class Status(models.TextChoices):
        MAKING = "making", _("being made")
        VERIFIED = "verified", _("verified")
        FAILED = "failed", _("failed")

    file_name = models.CharField(_("file"), max_length=200, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.MAKING)
    detail = models.TextField(_("detail"), blank=True)
    size_bytes = models.BigIntegerField(_("size"), null=True)
    has_key = models.BooleanField(_("holds the wrapped field key"), default=False)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    started_at = models.DateTimeField(_("started"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        verbose_name = _("backup")
        verbose_name_plural = _("backups")
        ordering = ["-pk"]
        default_permissions = ("view", "add", "delete")

    def __str__(self):
        return self.file_name or str(self.pk)


class BackupPlan(models.Model):
    """A single row: when backups are made by themselves, and how many are kept."""

    is_on = models.BooleanField(_("make backups by themselves"), default=True)
    hour = models.PositiveIntegerField(
        _("hour"),
        default=3,
        validators=[MaxValueValidator(23)],
        help_text=_("In Kumo's time zone."),
    )
    keep_daily = number(_("daily ones kept"), 7, 366)
    keep_weekly = number(_("weekly ones kept"), 4, 520)
    keep_monthly = number(_("monthly ones kept"), 6, 1200)
    last_due_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("backup plan")
        verbose_name_plural = _("backup plan")
        default_permissions = ("view", "change")

    def __str__(self):
        return str(_("backup plan"))

    @classmethod
    def get(cls) -> "BackupPlan":
        return cls.objects.get_or_create(pk=1)[0]

    def due_at(self, now: datetime) -> datetime:
        """Return the newest due time that is not after `now`."""
        local = timezone.localtime(now, timezone.get_default_timezone())
        due = datetime.combine(local.date(), time(self.hour), local.tzinfo)
        return due if due <= now else due - timedelta(days=1)
