"""What happened to a run or a task besides its changes of status."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Event(models.Model):
    """One happening; `kind` and `params` become words where they are shown."""

    run = models.ForeignKey("tasks.Run", models.CASCADE, null=True, related_name="events")
    task = models.ForeignKey("tasks.Task", models.CASCADE, null=True, related_name="events")
    at = models.DateTimeField(_("time"))
    kind = models.CharField(_("kind"), max_length=40)
    params = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-pk"]
        default_permissions = ("view",)

    def __str__(self):
        return self.kind
