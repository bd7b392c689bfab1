"""Machines that run spiders."""

from datetime import timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.slugs import SlugField

BEAT_EVERY = timedelta(seconds=10)
SILENT_AFTER = timedelta(seconds=60)
LOST_AFTER = timedelta(seconds=120)


class Node(models.Model):
    """A machine with slots; its keeper beats, and writes the machine's figures as it does."""

    slug = SlugField()
    title = models.CharField(_("title"), max_length=200, blank=True)
    slots = models.PositiveIntegerField(
        _("slots"), default=2, help_text=_("How many spiders may run here at once.")
    )
    is_accepting = models.BooleanField(
        _("accepts runs"), default=True, help_text=_("Off: what runs goes on, nothing new starts.")
    )
    labels = models.JSONField(_("labels"), default=list, blank=True)
    beat_at = models.DateTimeField(_("last heartbeat"), null=True, editable=False)
    is_disk_low = models.BooleanField(default=False, editable=False)
    figures = models.JSONField(default=dict, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("node")
        verbose_name_plural = _("nodes")
        ordering = ["slug"]

    def __str__(self):
        return self.title or self.slug

    def is_silent(self, now=None) -> bool:
        now = now or timezone.now()
        return self.beat_at is None or now - self.beat_at > SILENT_AFTER
