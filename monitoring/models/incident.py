"""Something wrong with a task, from its opening to its recovery."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from monitoring.models.rule import Rule


class Incident(models.Model):
    rule = models.ForeignKey(Rule, models.CASCADE, related_name="incidents", verbose_name=_("rule"))
    task = models.ForeignKey(
        "tasks.Task", models.CASCADE, related_name="incidents", verbose_name=_("task")
    )
    kind = models.CharField(_("what happened"), max_length=20, choices=Rule.Happening)
    run = models.ForeignKey(
        "tasks.Run", models.SET_NULL, null=True, related_name="+", verbose_name=_("first run")
    )
    count = models.PositiveIntegerField(_("runs"), default=1)
    opened_at = models.DateTimeField(_("opened"))
    closed_at = models.DateTimeField(_("recovered"), null=True)
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )

    class Meta:
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        ordering = ["-pk"]
        default_permissions = ("view", "change")
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "task"],
                condition=Q(closed_at=None),
                name="one_open_incident",
            )
        ]

    def __str__(self):
        return f"{self.task} {self.get_kind_display()}"
