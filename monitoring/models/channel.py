"""Where alerts go."""

import json

from django.db import models
from django.utils.translation import gettext_lazy as _

from tasks.sealing import is_current, seal, unseal


class Channel(models.Model):
    """A webhook, or a service that Apprise knows; address and secret are kept sealed."""

    class Kind(models.TextChoices):
        WEBHOOK = "webhook", _("signed webhook")
        SERVICE = "service", _("messenger or mail (Apprise)")

    name = models.CharField(_("name"), max_length=100, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.WEBHOOK)
    sealed = models.BinaryField(null=True, editable=False)
    host = models.CharField(_("host"), max_length=255, blank=True, editable=False)
    allows_private = models.BooleanField(
        _("may reach private addresses"),
        default=False,
        help_text=_("Only for a receiver in your own network."),
    )
    is_enabled = models.BooleanField(_("enabled"), default=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("alert channel")
        verbose_name_plural = _("alert channels")
        ordering = ["name"]

    def __str__(self):
        return self.name

    @property
    def identity(self) -> str:
        return f"channel {self.pk}"

    def keep(self, url: str, secret: str) -> None:
        """Seal the address and the secret into the saved row."""
        self.sealed = seal(json.dumps({"url": url, "secret": secret}), self.identity)
        self.save(update_fields=["sealed", "host"])

    def told(self) -> dict[str, str]:
        """Return `url` and `secret`; raises tasks.sealing.WrongKey."""
        if self.sealed is None:
            return {"url": "", "secret": ""}
        return json.loads(unseal(bytes(self.sealed), self.identity))

    def reseal(self) -> bool:
        """Seal with the key of now; False where there was nothing to do. Raises WrongKey."""
        if self.sealed is None or is_current(self.sealed):
            return False
        self.keep(**self.told())
        return True
