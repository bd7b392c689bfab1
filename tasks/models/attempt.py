"""Process starts, one row each."""

from pathlib import Path

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tasks.statuses import ATTEMPT_ACTIVE, ATTEMPT_TERMINAL, AttemptStatus


class Attempt(models.Model):
    """One process start for a run, on one node; `key` names its spool."""

    Status = AttemptStatus

    run = models.ForeignKey(
        "tasks.Run", models.CASCADE, related_name="attempts", verbose_name=_("run")
    )
    number = models.PositiveIntegerField(_("attempt"))
    key = models.CharField(max_length=32, unique=True, editable=False)
    fence = models.PositiveIntegerField(editable=False)
    node = models.ForeignKey(
        "nodes.Node", models.SET_NULL, null=True, related_name="attempts", verbose_name=_("node")
    )
    status = models.CharField(
        _("status"), max_length=12, choices=AttemptStatus, default=AttemptStatus.ASSIGNED
    )
    reason = models.CharField(_("reason"), max_length=40, blank=True)
    detail = models.TextField(_("detail"), blank=True)
    assigned_at = models.DateTimeField(_("assigned"))
    lease_until = models.DateTimeField(editable=False)
    started_at = models.DateTimeField(_("started"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)
    duration = models.FloatField(_("duration (s)"), null=True)
    exit_code = models.IntegerField(_("exit code"), null=True)
    signal = models.IntegerField(_("signal"), null=True)
    stop_reason = models.CharField(max_length=20, blank=True)
    pid = models.PositiveIntegerField(null=True)
    cpu_seconds = models.FloatField(_("CPU (s)"), null=True)
    rss_bytes = models.BigIntegerField(_("memory now"), null=True)
    peak_rss_bytes = models.BigIntegerField(_("peak memory"), null=True)
    survivors = models.IntegerField(_("survivors"), null=True)
    log_lines = models.BigIntegerField(_("log lines"), null=True)
    log_bytes = models.BigIntegerField(_("log bytes"), null=True)
    dropped_bytes = models.BigIntegerField(_("dropped bytes"), null=True)
    secrets_printed = models.PositiveIntegerField(_("secrets printed"), default=0)
    limits_held_by = models.CharField(_("limits held by"), max_length=20, blank=True)
    files_removed_at = models.DateTimeField(_("files removed"), null=True)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ["number"]
        default_permissions = ("view",)
        indexes = [
            models.Index(
                fields=["node", "status"],
                condition=Q(status__in=("assigned", "running", "stopping")),
                name="attempt_active",
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["run", "number"], name="attempt_number"),
            models.UniqueConstraint(
                fields=["run"],
                condition=Q(status__in=("assigned", "running", "stopping")),
                name="one_active_attempt",
            ),
            models.CheckConstraint(
                condition=Q(status__in=ATTEMPT_ACTIVE, finished_at__isnull=True)
                | Q(status__in=ATTEMPT_TERMINAL, finished_at__isnull=False),
                name="attempt_finished_at",
            ),
        ]

    def __str__(self):
        return f"{self.run_id}/{self.number}"

    @property
    def spool(self) -> Path:
        """The attempt's directory, named by the day it was assigned and its key."""
        return settings.KUMO_HOME / "attempts" / f"{self.assigned_at:%Y-%m-%d}" / self.key

    @property
    def is_terminal(self) -> bool:
        return self.status in ATTEMPT_TERMINAL
