"""Tokens that programs sign in with: shown once, kept as a digest."""

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

PREFIX = "kumo_"
USE_IS_NOTED_EVERY = timedelta(minutes=1)


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class TokenQuerySet(models.QuerySet):
    def usable(self):
        now = timezone.now()
        return self.filter(revoked_at=None, user__is_active=True).filter(
            models.Q(expires_at=None) | models.Q(expires_at__gt=now)
        )

    def issue(self, user, name: str, scope: str, expires_at=None) -> tuple["ApiToken", str]:
        """Make a token; return it and its text, which is never to be had again."""
        text = PREFIX + secrets.token_urlsafe(32)
        token = self.create(
            user=user,
            name=name,
            scope=scope,
            expires_at=expires_at,
            digest=digest(text),
            beginning=text[: len(PREFIX) + 4],
        )
        return token, text

    def find(self, text: str) -> "ApiToken | None":
        """Return the usable token of this text and note its use, or None."""
        token = self.usable().select_related("user").filter(digest=digest(text)).first()
        if token:
            token.note_use()
        return token


class ApiToken(models.Model):
    class Scope(models.TextChoices):
        READ = "read", _("read")
        RUN = "run", _("read and run")
        WRITE = "write", _("read, run and change")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="tokens", verbose_name=_("user")
    )
    name = models.CharField(_("name"), max_length=100)
    scope = models.CharField(_("scope"), max_length=10, choices=Scope, default=Scope.READ)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    beginning = models.CharField(_("begins with"), max_length=16, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)

    objects = TokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ["-created_at"]

    def __str__(self):
        return self.name

    def allows(self, scope: str) -> bool:
        """Say whether this token may do what `scope` stands for."""
        order = list(self.Scope.values)
        return order.index(self.scope) >= order.index(scope)

    def note_use(self) -> None:
        now = timezone.now()
        if self.last_used_at is None or now - self.last_used_at > USE_IS_NOTED_EVERY:
            type(self).objects.filter(pk=self.pk).update(last_used_at=now)
            self.last_used_at = now

    def revoke(self) -> bool:
        """End the token; return False when it was ended before."""
        now = timezone.now()
        return bool(type(self).objects.filter(pk=self.pk, revoked_at=None).update(revoked_at=now))
