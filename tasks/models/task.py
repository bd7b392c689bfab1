"""What to run: a command, in an environment, under limits."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.slugs import SlugField
from tasks.checks import check_task

DAY = 86_400
YEAR = 366 * DAY
RECENT_KEPT = 30


def seconds(name, default, most=YEAR, **options):
    """A length in seconds, never negative and never beyond `most`."""
    return models.FloatField(
        name,
        default=default,
        validators=[MinValueValidator(0), MaxValueValidator(most)],
        **options,
    )


def whole(name, default, least, most, **options):
    return models.IntegerField(
        name,
        default=default,
        validators=[MinValueValidator(least), MaxValueValidator(most)],
        **options,
    )


def default_retry_on():
    return ["failed", "timed_out", "start_failed"]


class Task(models.Model):
    class Overlap(models.TextChoices):
        SKIP = "skip", _("skip the new run")
        QUEUE = "queue", _("let one wait")
        PARALLEL = "parallel", _("run side by side")
        REPLACE = "replace", _("stop the old run first")

    class Misfire(models.TextChoices):
        ONCE = "once", _("run once for all that was missed")
        SKIP = "skip", _("run nothing that was missed")
        ALL = "all", _("run all that was missed, at most 20")

    class Signal(models.TextChoices):
        TERM = "TERM", _("SIGTERM")
        INT = "INT", _("SIGINT, as Scrapy likes it")

    slug = SlugField()
    title = models.CharField(_("title"), max_length=200, blank=True)
    description = models.TextField(_("description"), blank=True)
    tags = models.JSONField(_("tags"), default=list, blank=True)
    project = models.ForeignKey(
        "tasks.Project", models.PROTECT, related_name="tasks", verbose_name=_("project")
    )
    environment = models.ForeignKey(
        "envs.Environment", models.PROTECT, related_name="tasks", verbose_name=_("environment")
    )
    revision = models.ForeignKey(
        "tasks.Revision",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="tasks",
        verbose_name=_("fixed revision"),
        help_text=_("Empty: the revision that the project uses."),
    )
    command = models.CharField(
        _("command"),
        max_length=4000,
        help_text=_("Split as a shell splits words; no shell runs it. Example: python crawl.py"),
    )
    workdir = models.CharField(
        _("working directory"), max_length=400, blank=True, help_text=_("Inside the project.")
    )
    params = models.JSONField(_("parameters"), default=list, blank=True)
    is_enabled = models.BooleanField(_("enabled"), default=True)
    node = models.ForeignKey(
        "nodes.Node",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("only on node"),
    )

    retry_count = whole(_("retries"), 0, 0, 100)
    retry_delay = seconds(_("delay before a retry (s)"), 60)
    retry_backoff = models.FloatField(
        _("backoff"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("Each further delay is this many times longer."),
    )
    retry_cap = seconds(_("longest delay (s)"), 3600)
    retry_jitter = seconds(_("jitter of retries (s)"), 0, DAY)
    retry_on = models.JSONField(_("retry after"), default=default_retry_on, blank=True)
    retry_exit_codes = models.JSONField(_("only after exit codes"), default=list, blank=True)
    repeat_lost = models.BooleanField(
        _("safe to repeat when lost"),
        default=False,
        help_text=_("A lost run may still have done its work."),
    )

    timeout = seconds(_("timeout (s)"), 0, help_text=_("0 sets none."))
    silence_timeout = seconds(_("timeout without output (s)"), 0, help_text=_("0 sets none."))
    queue_timeout = seconds(
        _("longest wait in the queue (s)"), 0, help_text=_("0 waits without end.")
    )
    stop_signal = models.CharField(
        _("stop signal"), max_length=4, choices=Signal, default=Signal.TERM
    )
    grace = seconds(_("grace before SIGKILL (s)"), 10, 3600)
    log_limit_mb = whole(_("log limit (MB)"), 1024, 1, 102_400)
    memory_limit_mb = whole(_("memory limit (MB)"), 0, 0, 1_048_576, help_text=_("0 sets none."))

    priority = whole(_("priority"), 0, -100, 100, help_text=_("Higher first."))
    overlap = models.CharField(_("overlap"), max_length=10, choices=Overlap, default=Overlap.SKIP)
    max_parallel = whole(_("runs at once"), 1, 1, 1000)
    queue_limit = whole(_("longest queue"), 100, 1, 100_000)
    groups = models.ManyToManyField(
        "tasks.ConcurrencyGroup",
        blank=True,
        related_name="tasks",
        verbose_name=_("concurrency groups"),
    )
    misfire = models.CharField(
        _("missed fires"), max_length=10, choices=Misfire, default=Misfire.ONCE
    )
    misfire_grace = seconds(
        _("grace for missed fires (s)"), DAY, help_text=_("Older ones are recorded as missed.")
    )
    breaker_limit = whole(
        _("pause after failed runs"), 0, 0, 1000, help_text=_("In a row; 0 never pauses.")
    )

    paused_at = models.DateTimeField(_("paused since"), null=True, editable=False)
    pause_reason = models.CharField(_("paused because"), max_length=20, blank=True, editable=False)
    failed_in_row = models.PositiveIntegerField(default=0, editable=False)
    recent = models.JSONField(_("last runs"), default=list, editable=False)
    last_run_at = models.DateTimeField(_("last run"), null=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        ordering = ["slug"]
        permissions = [("run_task", _("Can run and stop tasks"))]

    def __str__(self):
        return self.title or self.slug

    def clean(self):
        super().clean()
        check_task(self)

    @property
    def parallel(self) -> int:
        """How many of its runs may run at once."""
        return self.max_parallel if self.overlap == self.Overlap.PARALLEL else 1
