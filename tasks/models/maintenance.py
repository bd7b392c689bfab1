"""Maintenance: while it is on, nothing starts by itself and nothing leaves the queue."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Maintenance(models.Model):
    """A single row; `since` is None while Kumo works as usual."""

    since = models.DateTimeField(null=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("maintenance")
        verbose_name_plural = _("maintenance")
        default_permissions = ("change",)

    def __str__(self):
        return str(self.since or "")

    @classmethod
    def is_on(cls) -> bool:
        return cls.objects.filter(pk=1, since__isnull=False).exists()

    @classmethod
    def begin(cls, user=None, note: str = "") -> bool:
        """Turn maintenance on; return False when it was on."""
        row, _made = cls.objects.get_or_create(pk=1)
        return bool(
            cls.objects.filter(pk=row.pk, since=None).update(
                since=timezone.now(), user=user, note=note
            )
        )

    @classmethod
    def end(cls) -> bool:
        """Turn maintenance off; return False when it was off."""
        return bool(
            cls.objects.filter(pk=1, since__isnull=False).update(since=None, user=None, note="")
        )
