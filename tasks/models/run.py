"""Intentions to run a task, from the queue to the end."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tasks.statuses import RUN_ACTIVE, RUN_TERMINAL, RunStatus


class RunQuerySet(models.QuerySet):
    def active(self):
        return self.filter(status__in=RUN_ACTIVE)

    def waiting(self, now):
        """Runs that may start now, were there room."""
        return self.filter(
            Q(status=RunStatus.QUEUED) | Q(status=RunStatus.RETRY_WAIT, next_attempt_at__lte=now)
        )


class Run(models.Model):
    """One intention to run a task; what it was started with is kept in `snapshot` and `params`."""

    Status = RunStatus

    class Origin(models.TextChoices):
        TRIGGER = "trigger", pgettext_lazy("origin", "trigger")
        PAGE = "page", pgettext_lazy("origin", "page")
        API = "api", pgettext_lazy("origin", "API")
        COMMAND = "command", pgettext_lazy("origin", "command")
        CHAIN = "chain", pgettext_lazy("origin", "after another task")
        RERUN = "rerun", pgettext_lazy("origin", "run again")

    task = models.ForeignKey(
        "tasks.Task", models.SET_NULL, null=True, related_name="runs", verbose_name=_("task")
    )
    task_slug = models.CharField(_("task"), max_length=64)
    project = models.ForeignKey(
        "tasks.Project", models.SET_NULL, null=True, related_name="runs", verbose_name=_("project")
    )
    project_slug = models.CharField(_("project"), max_length=64)
    status = models.CharField(
        _("status"), max_length=12, choices=RunStatus, default=RunStatus.QUEUED
    )
    reason = models.CharField(_("reason"), max_length=40, blank=True)
    detail = models.TextField(_("detail"), blank=True)
    origin = models.CharField(_("started by"), max_length=10, choices=Origin)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("user"),
    )
    trigger = models.ForeignKey(
        "tasks.Trigger", models.SET_NULL, null=True, related_name="runs", verbose_name=_("trigger")
    )
    upstream_run = models.ForeignKey(
        "self", models.SET_NULL, null=True, related_name="followers", verbose_name=_("after run")
    )
    rerun_of = models.ForeignKey(
        "self", models.SET_NULL, null=True, related_name="reruns", verbose_name=_("again")
    )
    scheduled_for = models.DateTimeField(_("scheduled for"), null=True)
    idempotency_key = models.CharField(max_length=200, null=True, editable=False)  # noqa: DJ001 - NULL is "no key" in a unique constraint
    priority = models.IntegerField(_("priority"), default=0)
    params = models.JSONField(_("parameters"), default=dict)
    snapshot = models.JSONField(default=dict, editable=False)
    revision = models.ForeignKey(
        "tasks.Revision",
        models.SET_NULL,
        null=True,
        related_name="runs",
        verbose_name=_("revision"),
    )
    build = models.ForeignKey(
        "envs.Build", models.SET_NULL, null=True, related_name="runs", verbose_name=_("build")
    )
    node = models.ForeignKey(
        "nodes.Node", models.SET_NULL, null=True, related_name="runs", verbose_name=_("node")
    )
    fence = models.PositiveIntegerField(default=0, editable=False)
    attempts_made = models.PositiveIntegerField(_("attempts"), default=0)
    queued_at = models.DateTimeField(_("queued"))
    expires_at = models.DateTimeField(null=True, editable=False)
    next_attempt_at = models.DateTimeField(_("next attempt"), null=True)
    stop_requested_at = models.DateTimeField(null=True, editable=False)
    stop_reason = models.CharField(max_length=20, blank=True, editable=False)
    stop_at_once = models.BooleanField(default=False, editable=False)
    started_at = models.DateTimeField(_("started"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)
    changed_at = models.DateTimeField(db_index=True, editable=False)
    duration = models.FloatField(_("duration (s)"), null=True)
    exit_code = models.IntegerField(_("exit code"), null=True)
    signal = models.IntegerField(_("signal"), null=True)
    cpu_seconds = models.FloatField(_("CPU (s)"), null=True)
    peak_rss_bytes = models.BigIntegerField(_("peak memory"), null=True)
    survivors = models.IntegerField(_("survivors"), null=True)
    failure = models.ForeignKey(
        "tasks.Failure",
        models.SET_NULL,
        null=True,
        related_name="runs",
        verbose_name=_("failure reason"),
    )
    is_pinned = models.BooleanField(_("kept for ever"), default=False)

    objects = RunQuerySet.as_manager()

    class Meta:
        verbose_name = _("run")
        verbose_name_plural = _("runs")
        ordering = ["-pk"]
        default_permissions = ("view", "delete")
        indexes = [
            models.Index(fields=["task", "-id"], name="run_task"),
            models.Index(fields=["project", "-id"], name="run_project"),
            models.Index(fields=["status", "-id"], name="run_status"),
            models.Index(
                fields=["task", "-priority", "id"],
                condition=Q(status__in=("queued", "retry_wait")),
                name="run_waiting",
            ),
            models.Index(
                fields=["status"],
                condition=Q(status__in=("queued", "running", "retry_wait")),
                name="run_active",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["trigger", "scheduled_for"], name="one_run_a_fire"),
            models.UniqueConstraint(fields=["task", "idempotency_key"], name="one_run_a_key"),
            models.CheckConstraint(
                condition=Q(status__in=RUN_ACTIVE, finished_at__isnull=True)
                | Q(status__in=RUN_TERMINAL, finished_at__isnull=False),
                name="run_finished_at",
            ),
            models.CheckConstraint(
                condition=Q(started_at__isnull=True) | Q(started_at__gte=F("queued_at")),
                name="run_started_after_queued",
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True)
                | Q(started_at__isnull=True)
                | Q(finished_at__gte=F("started_at")),
                name="run_finished_after_started",
            ),
        ]

    def __str__(self):
        return f"{self.task_slug} #{self.pk}"

    @property
    def is_terminal(self) -> bool:
        return self.status in RUN_TERMINAL
