"""Names and values given to runs: global, of a project or of a task."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Variable(models.Model):
    """A variable of the spiders' environment; a secret's value is kept encrypted only."""

    project = models.ForeignKey(
        "tasks.Project",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="variables",
        verbose_name=_("project"),
    )
    task = models.ForeignKey(
        "tasks.Task",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="variables",
        verbose_name=_("task"),
    )
    key = models.CharField(_("name"), max_length=200)
    value = models.TextField(_("value"), blank=True)
    sealed = models.BinaryField(null=True, editable=False)
    is_secret = models.BooleanField(_("secret"), default=False)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("variable")
        verbose_name_plural = _("variables and secrets")
        ordering = ["key", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(project=None) | Q(task=None), name="variable_one_owner"
            ),
            models.UniqueConstraint(
                fields=["key"],
                condition=Q(project=None, task=None),
                name="variable_global",
                violation_error_message=_("There is a global variable of this name already."),
            ),
            models.UniqueConstraint(fields=["project", "key"], name="variable_project"),
            models.UniqueConstraint(fields=["task", "key"], name="variable_task"),
            models.CheckConstraint(
                condition=Q(is_secret=False, sealed=None) | Q(is_secret=True, value=""),
                name="secret_is_sealed",
            ),
        ]

    def __str__(self):
        return self.key
