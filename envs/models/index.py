"""Where packages come from (镜像源)."""

from django.core.validators import URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.slugs import SlugField


class PackageIndex(models.Model):
    slug = SlugField()
    title = models.CharField(_("title"), max_length=200, blank=True)
    url = models.CharField(
        _("address"), max_length=500, validators=[URLValidator(["http", "https"])]
    )
    extra_urls = models.TextField(
        _("further addresses"), blank=True, help_text=_("One a line, asked after the first.")
    )
    is_trusted = models.BooleanField(
        _("trusted without a certificate"),
        default=False,
        help_text=_("Only for a server of your own: packages could be changed on the way."),
    )
    is_default = models.BooleanField(
        _("default"), default=False, help_text=_("Used by environments that name no index.")
    )

    class Meta:
        verbose_name = _("package index")
        verbose_name_plural = _("package indexes")
        ordering = ["slug"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"],
                condition=models.Q(is_default=True),
                name="one_default_index",
                violation_error_message=_("Another index is the default already."),
            )
        ]

    def __str__(self):
        return self.title or self.slug
