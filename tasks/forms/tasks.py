"""The form of a task."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tasks.forms.fields import DeclarationsField, NumbersField, WordsField
from tasks.models import Task
from tasks.statuses import AttemptStatus

RETRIED = (AttemptStatus.FAILED, AttemptStatus.TIMED_OUT, AttemptStatus.START_FAILED)


class TaskForm(forms.ModelForm):
    tags = WordsField(label=_("tags"), required=False, help_text=_("With commas between them."))
    params = DeclarationsField(
        label=_("parameters"),
        required=False,
        help_text=_(
            "A JSON list of what may be set for each run: name, type (text, integer, number, "
            "boolean, choice), default, choices, required, title."
        ),
    )
    retry_on = forms.MultipleChoiceField(
        label=_("retry after"),
        required=False,
        choices=[(status.value, status.label) for status in RETRIED],
        widget=forms.CheckboxSelectMultiple,
    )
    retry_exit_codes = NumbersField(
        label=_("only after exit codes"),
        required=False,
        help_text=_("With commas between them; empty: after any."),
    )

    class Meta:
        model = Task
        fields = (
            *("slug", "title", "description", "tags", "project", "environment", "revision"),
            *("command", "workdir", "params", "is_enabled", "node", "groups", "priority"),
            *("retry_count", "retry_delay", "retry_backoff", "retry_cap", "retry_jitter"),
            *("retry_on", "retry_exit_codes", "repeat_lost", "timeout", "silence_timeout"),
            *("queue_timeout", "stop_signal", "grace", "log_limit_mb", "memory_limit_mb"),
            *("overlap", "max_parallel", "queue_limit", "misfire", "misfire_grace"),
            "breaker_limit",
        )
        widgets = {
            "command": forms.TextInput(attrs={"class": "k-mono vLargeTextField"}),
            "groups": forms.CheckboxSelectMultiple,
            "description": forms.Textarea(attrs={"rows": 2}),
        }
