"""Makings of environments: immutable once ready, beside each other on disk."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Build(models.Model):
    class Status(models.TextChoices):
        PENDING = "pending", _("waiting")
        BUILDING = "building", _("building")
        READY = "ready", _("ready")
        FAILED = "failed", _("failed")
        CANCELED = "canceled", _("canceled")

    ACTIVE = (Status.PENDING, Status.BUILDING)

    environment = models.ForeignKey(
        "envs.Environment", models.CASCADE, related_name="builds", verbose_name=_("environment")
    )
    number = models.PositiveIntegerField(_("number"))
    key = models.CharField(max_length=32, unique=True, editable=False)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PENDING)
    phase = models.CharField(_("phase"), max_length=20, blank=True)
    reason = models.CharField(_("reason"), max_length=40, blank=True)
    detail = models.TextField(_("detail"), blank=True)
    kind = models.CharField(_("kind"), max_length=10)
    python = models.CharField(_("Python asked for"), max_length=400, blank=True)
    requirements = models.TextField(_("requirements"), blank=True)
    interpreter = models.CharField(_("interpreter"), max_length=400, blank=True)
    python_version = models.CharField(_("Python"), max_length=40, blank=True)
    lock = models.TextField(_("lock"), blank=True)
    packages = models.JSONField(_("packages"), default=list)
    size_bytes = models.BigIntegerField(_("size"), null=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    cancel_requested_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(_("requested"), auto_now_add=True)
    started_at = models.DateTimeField(_("started"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        verbose_name = _("build")
        verbose_name_plural = _("builds")
        ordering = ["-pk"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["environment", "number"], name="build_number"),
            models.UniqueConstraint(
                fields=["environment"],
                condition=models.Q(status__in=("pending", "building")),
                name="one_build_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=("pending", "building"), finished_at__isnull=True)
                | models.Q(status__in=("ready", "failed", "canceled"), finished_at__isnull=False),
                name="build_finished_at",
            ),
        ]

    def __str__(self):
        return f"{self.environment} #{self.number}"
