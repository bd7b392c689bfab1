"""When a task runs."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.models.user import check_zone
from tasks.checks import check_trigger
from tasks.models.task import YEAR

# What decides when it fires.
TIMING = ("kind", "cron", "every", "at", "time_zone", "starts_at", "ends_at", "is_enabled")


class TriggerQuerySet(models.QuerySet):
    def due(self, now):
        """Triggers whose time has come, earliest first."""
        return self.filter(is_enabled=True, next_fire_at__lte=now).order_by("next_fire_at", "pk")


class Trigger(models.Model):
    """A cron line, an interval, a date, or the end of another task's run."""

    class Kind(models.TextChoices):
        CRON = "cron", _("cron")
        INTERVAL = "interval", _("interval")
        DATE = "date", _("date")
        AFTER = "after", _("after another task")

    class Result(models.TextChoices):
        SUCCESS = "success", _("it succeeded")
        FAILURE = "failure", _("it failed")
        END = "end", _("it ended")

    task = models.ForeignKey(
        "tasks.Task", models.CASCADE, related_name="triggers", verbose_name=_("task")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.CRON)
    cron = models.CharField(
        _("cron line"),
        max_length=200,
        blank=True,
        help_text=_("Minute, hour, day, month, weekday; or @hourly, @daily, @weekly, @monthly."),
    )
    every = models.FloatField(
        _("every (s)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(YEAR)],
    )
    at = models.DateTimeField(_("at"), null=True, blank=True)
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        default=timezone.get_default_timezone_name,
        validators=[check_zone],
    )
    starts_at = models.DateTimeField(_("not before"), null=True, blank=True)
    ends_at = models.DateTimeField(_("not after"), null=True, blank=True)
    jitter = models.FloatField(
        _("jitter (s)"),
        default=0,
        validators=[MinValueValidator(0), MaxValueValidator(86_400)],
        help_text=_("Each fire waits up to this long, so that not all start together."),
    )
    upstream = models.ForeignKey(
        "tasks.Task",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="followers",
        verbose_name=_("after task"),
    )
    result = models.CharField(_("when"), max_length=10, choices=Result, default=Result.SUCCESS)
    is_enabled = models.BooleanField(_("enabled"), default=True)
    problem = models.TextField(_("problem"), blank=True, editable=False)
    anchor_at = models.DateTimeField(default=timezone.now, editable=False)
    next_fire_at = models.DateTimeField(_("next fire"), null=True, editable=False)
    last_fire_at = models.DateTimeField(_("last fire"), null=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = TriggerQuerySet.as_manager()

    class Meta:
        verbose_name = _("trigger")
        verbose_name_plural = _("triggers")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["next_fire_at"], condition=Q(is_enabled=True), name="trigger_due")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(upstream=None) | ~Q(upstream=F("task")), name="not_after_itself"
            )
        ]

    def __str__(self):
        return f"{self.task} {self.kind}"

    def clean(self):
        super().clean()
        check_trigger(self, timezone.now(), is_new=self.has_new_times())
        if self.kind == self.Kind.AFTER and self.task_id:
            # Chains are made of these models.
            from tasks.chains import would_loop

            if would_loop(self.task_id, self.upstream_id):
                raise ValidationError({"upstream": _("The tasks would start each other for ever.")})

    def has_new_times(self) -> bool:
        """Tell whether it would fire at other times than the saved row does."""
        saved = type(self).objects.filter(pk=self.pk).values(*TIMING).first()
        return saved != {name: getattr(self, name) for name in TIMING}
