"""The statuses of runs and attempts, half a line each."""

from django.db import models
from django.utils.translation import pgettext_lazy


class RunStatus(models.TextChoices):
    QUEUED = "queued", pgettext_lazy("run status", "queued")
    RUNNING = "running", pgettext_lazy("run status", "running")
    RETRY_WAIT = "retry_wait", pgettext_lazy("run status", "waiting to retry")
    SUCCEEDED = "succeeded", pgettext_lazy("run status", "succeeded")
    FAILED = "failed", pgettext_lazy("run status", "failed")
    TIMED_OUT = "timed_out", pgettext_lazy("run status", "timed out")
    CANCELED = "canceled", pgettext_lazy("run status", "canceled")
    LOST = "lost", pgettext_lazy("run status", "lost")
    SKIPPED = "skipped", pgettext_lazy("run status", "skipped")


class AttemptStatus(models.TextChoices):
    ASSIGNED = "assigned", pgettext_lazy("attempt status", "assigned")
    RUNNING = "running", pgettext_lazy("attempt status", "running")
    STOPPING = "stopping", pgettext_lazy("attempt status", "stopping")
    SUCCEEDED = "succeeded", pgettext_lazy("attempt status", "succeeded")
    FAILED = "failed", pgettext_lazy("attempt status", "failed")
    TIMED_OUT = "timed_out", pgettext_lazy("attempt status", "timed out")
    CANCELED = "canceled", pgettext_lazy("attempt status", "canceled")
    LOST = "lost", pgettext_lazy("attempt status", "lost")
    START_FAILED = "start_failed", pgettext_lazy("attempt status", "could not start")


RUN_ACTIVE = ("queued", "running", "retry_wait")
RUN_TERMINAL = ("succeeded", "failed", "timed_out", "canceled", "lost", "skipped")
ATTEMPT_ACTIVE = ("assigned", "running", "stopping")
ATTEMPT_TERMINAL = ("succeeded", "failed", "timed_out", "canceled", "lost", "start_failed")

# What may follow what: the whole life of a run and of an attempt.
RUN_CHANGES = {
    "queued": {"running", "canceled", "skipped"},
    "running": {"retry_wait", "succeeded", "failed", "timed_out", "canceled", "lost"},
    "retry_wait": {"running", "canceled"},
}
ATTEMPT_CHANGES = {
    "assigned": {"running", "start_failed", "canceled", "lost"},
    "running": {"stopping", "succeeded", "failed", "timed_out", "canceled", "lost"},
    "stopping": {"canceled", "timed_out", "failed", "succeeded", "lost"},
}
