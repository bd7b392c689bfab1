"""Pythons that spiders run in."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.slugs import SlugField


class Environment(models.Model):
    """A specification and its builds; runs start in `current_build`."""

    class Kind(models.TextChoices):
        VENV = "venv", _("virtual environment")
        CONDA = "conda", _("conda environment")
        SYSTEM = "system", _("interpreter of the machine")

    slug = SlugField()
    title = models.CharField(_("title"), max_length=200, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.VENV)
    python = models.CharField(
        _("Python"),
        max_length=400,
        blank=True,
        help_text=_("A version such as 3.11, or the path of an interpreter. Empty: Kumo's own."),
    )
    requirements = models.TextField(
        _("requirements"),
        blank=True,
        help_text=_(
            "As in requirements.txt: one package a line. For conda an environment.yml, or lines "
            "of packages, of “channel: NAME” and of “pip: PACKAGE”."
        ),
    )
    index = models.ForeignKey(
        "envs.PackageIndex",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="environments",
        verbose_name=_("package index"),
    )
    current_build = models.ForeignKey(
        "envs.Build",
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("build in use"),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("environment")
        verbose_name_plural = _("environments")
        ordering = ["slug"]

    def __str__(self):
        return self.title or self.slug

    @property
    def is_ready(self) -> bool:
        return self.current_build_id is not None
