"""What was sent to a channel, or is to be, with the answer."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Message(models.Model):
    class Status(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("message", "waiting")
        SENDING = "sending", pgettext_lazy("message", "being sent")
        SENT = "sent", pgettext_lazy("message", "sent")
        FAILED = "failed", pgettext_lazy("message", "failed")

    channel = models.ForeignKey(
        "monitoring.Channel", models.CASCADE, related_name="messages", verbose_name=_("channel")
    )
    incident = models.ForeignKey(
        "monitoring.Incident",
        models.CASCADE,
        null=True,
        related_name="messages",
        verbose_name=_("incident"),
    )
    key = models.CharField(max_length=32, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=300)
    text = models.TextField(_("text"), blank=True)
    facts = models.JSONField(default=dict, editable=False)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.WAITING)
    tries = models.PositiveIntegerField(_("tries"), default=0)
    next_try_at = models.DateTimeField(null=True, editable=False)
    answer = models.CharField(_("answer"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    sent_at = models.DateTimeField(_("sent"), null=True)

    class Meta:
        verbose_name = _("alert message")
        verbose_name_plural = _("alert messages")
        ordering = ["-pk"]
        default_permissions = ("view",)
        indexes = [models.Index(fields=["status", "next_try_at"], name="message_due")]

    def __str__(self):
        return self.title
