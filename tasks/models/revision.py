"""Contents of projects, each immutable."""

from pathlib import Path

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tasks.models.project import Project


class Revision(models.Model):
    project = models.ForeignKey(
        Project, models.CASCADE, related_name="revisions", verbose_name=_("project")
    )
    number = models.PositiveIntegerField(_("number"))
    content_hash = models.CharField(_("content"), max_length=64)
    source = models.CharField(_("source"), max_length=10, choices=Project.Source)
    source_name = models.CharField(_("from"), max_length=500, blank=True)
    commit = models.CharField(_("commit"), max_length=64, blank=True)
    file_count = models.PositiveIntegerField(_("files"), default=0)
    size_bytes = models.BigIntegerField(_("size"), default=0)
    frameworks = models.JSONField(_("frameworks"), default=list)
    spiders = models.JSONField(_("spiders"), default=list)
    requirement_files = models.JSONField(_("requirement files"), default=list)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering = ["-pk"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="revision_number"),
            models.UniqueConstraint(fields=["project", "content_hash"], name="revision_content"),
        ]

    def __str__(self):
        return f"{self.project.slug} r{self.number}"

    @property
    def directory(self) -> Path:
        return settings.KUMO_HOME / "projects" / self.project.slug / self.content_hash[:16]
