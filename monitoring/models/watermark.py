"""How far the alerts have looked."""

from django.db import models


class Watermark(models.Model):
    """A single row: ended runs up to `looked_at` and events up to `event` were judged."""

    looked_at = models.DateTimeField()
    # Runs that ended shortly before, which the next look will see again.
    runs = models.JSONField(default=list)
    event = models.BigIntegerField(default=0)

    class Meta:
        default_permissions = ()

    def __str__(self):
        return str(self.looked_at)
