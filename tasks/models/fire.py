"""The ledger: a row for every due time of every trigger."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Fire(models.Model):
    """What became of one due time, or of `count` due times that were missed together."""

    class Decision(models.TextChoices):
        RUN = "run", pgettext_lazy("fire", "run")
        SKIPPED = "skipped", pgettext_lazy("fire", "skipped")
        MISSED = "missed", pgettext_lazy("fire", "missed")
        COALESCED = "coalesced", pgettext_lazy("fire", "coalesced")

    trigger = models.ForeignKey(
        "tasks.Trigger", models.SET_NULL, null=True, related_name="fires", verbose_name=_("trigger")
    )
    task = models.ForeignKey(
        "tasks.Task", models.SET_NULL, null=True, related_name="fires", verbose_name=_("task")
    )
    task_slug = models.CharField(_("task"), max_length=64)
    due_at = models.DateTimeField(_("due"))
    last_due_at = models.DateTimeField(_("last due"), null=True)
    count = models.PositiveIntegerField(_("due times"), default=1)
    decision = models.CharField(_("decision"), max_length=10, choices=Decision)
    reason = models.CharField(_("reason"), max_length=20, blank=True)
    run = models.ForeignKey(
        "tasks.Run", models.SET_NULL, null=True, related_name="fires", verbose_name=_("run")
    )
    decided_at = models.DateTimeField(_("decided"), auto_now_add=True)

    class Meta:
        verbose_name = _("fire")
        verbose_name_plural = _("fires")
        ordering = ["-due_at", "-pk"]
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["task", "-due_at"], name="fire_task"),
            models.Index(fields=["-due_at"], name="fire_due"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["trigger", "due_at"], name="one_fire_a_time")
        ]

    def __str__(self):
        return f"{self.task_slug} {self.due_at:%Y-%m-%d %H:%M:%S}"
