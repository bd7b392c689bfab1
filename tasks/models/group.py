"""Named limits across tasks, for example one run at a time per target site."""

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.slugs import SlugField


class ConcurrencyGroup(models.Model):
    slug = SlugField()
    title = models.CharField(_("title"), max_length=200, blank=True)
    max_parallel = models.PositiveIntegerField(
        _("runs at once"), default=1, validators=[MinValueValidator(1)]
    )

    class Meta:
        verbose_name = _("concurrency group")
        verbose_name_plural = _("concurrency groups")
        ordering = ["slug"]

    def __str__(self):
        return self.title or self.slug
