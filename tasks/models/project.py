"""Source trees that tasks run from."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.slugs import SlugField


class Project(models.Model):
    """A source tree by its revisions; runs use `current_revision`."""

    class Source(models.TextChoices):
        ARCHIVE = "archive", _("zip archive")
        FILES = "files", _("pasted files")
        GIT = "git", _("git repository")

    slug = SlugField()
    title = models.CharField(_("title"), max_length=200, blank=True)
    description = models.TextField(_("description"), blank=True)
    git_url = models.CharField(_("git address"), max_length=500, blank=True)
    git_ref = models.CharField(_("branch, tag or commit"), max_length=200, blank=True)
    max_parallel = models.PositiveIntegerField(
        _("runs at once"), default=0, help_text=_("Of all tasks of this project; 0 sets no limit.")
    )
    current_revision = models.ForeignKey(
        "tasks.Revision",
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("revision in use"),
    )
    paused_at = models.DateTimeField(_("paused since"), null=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        ordering = ["slug"]

    def __str__(self):
        return self.title or self.slug
