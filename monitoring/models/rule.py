"""What is told, of which tasks, to whom."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Rule(models.Model):
    """When one of `kinds` happens to a task in scope, `channel` is told, and of the recovery."""

    class Happening(models.TextChoices):
        FAILED = "failed", pgettext_lazy("alert", "failed after the last retry")
        TIMED_OUT = "timed_out", pgettext_lazy("alert", "timed out")
        LOST = "lost", pgettext_lazy("alert", "lost")
        BREAKER = "breaker", pgettext_lazy("alert", "paused after many failures")

    name = models.CharField(_("name"), max_length=100)
    kinds = models.JSONField(_("when a task"), default=list)
    task = models.ForeignKey(
        "tasks.Task",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("only task"),
    )
    project = models.ForeignKey(
        "tasks.Project",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("only project"),
    )
    tag = models.CharField(_("only tag"), max_length=50, blank=True)
    channel = models.ForeignKey(
        "monitoring.Channel", models.CASCADE, related_name="rules", verbose_name=_("tell")
    )
    tells_recovery = models.BooleanField(_("tell of the recovery, too"), default=True)
    apart = models.PositiveIntegerField(
        _("at most every (min)"),
        default=60,
        validators=[MaxValueValidator(10_080)],
        help_text=_("For each task; 0 tells of every incident."),
    )
    is_enabled = models.BooleanField(_("enabled"), default=True)

    class Meta:
        verbose_name = _("alert rule")
        verbose_name_plural = _("alert rules")
        ordering = ["name", "pk"]

    def __str__(self):
        return self.name

    def covers(self, task) -> bool:
        """Say whether the task is in the rule's scope."""
        return (
            self.task_id in (None, task.pk)
            and self.project_id in (None, task.project_id)
            and (not self.tag or self.tag in task.tags)
        )
