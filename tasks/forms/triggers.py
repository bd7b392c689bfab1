"""The form of a trigger, whose fields follow its kind."""

import zoneinfo
from datetime import UTC

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tasks.forms.fields import LocalTimeInput
from tasks.models import Trigger

TIMES = ("at", "starts_at", "ends_at")


def local_time(label) -> forms.DateTimeField:
    return forms.DateTimeField(label=label, required=False, widget=LocalTimeInput)


class TriggerForm(forms.ModelForm):
    """Times are written and shown in the trigger's own zone; the model checks the rest."""

    at = local_time(_("at"))
    starts_at = local_time(_("not before"))
    ends_at = local_time(_("not after"))

    class Meta:
        model = Trigger
        fields = (
            "kind",
            "cron",
            "every",
            "at",
            "upstream",
            "result",
            "time_zone",
            "starts_at",
            "ends_at",
            "jitter",
            "is_enabled",
        )
        widgets = dict.fromkeys(TIMES, LocalTimeInput) | {
            "cron": forms.TextInput(attrs={"class": "k-mono", "placeholder": "30 2 * * 1-5"}),
            "time_zone": forms.TextInput(attrs={"list": "k-zones"}),
        }

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        zone = zone_of(self.instance.time_zone)
        for name in TIMES:
            value = getattr(self.instance, name)
            if value and zone:
                self.initial[name] = value.astimezone(zone).replace(tzinfo=None)

    def clean(self):
        cleaned = super().clean()
        zone = zone_of(cleaned.get("time_zone", ""))
        for name in TIMES:
            if cleaned.get(name) and zone:
                cleaned[name] = in_zone(cleaned[name], zone)
        return cleaned

    def _post_clean(self):
        super()._post_clean()
        if not self.errors:
            check_gap(self)


def in_zone(value, zone):
    """Read the written time again, as one of `zone`."""
    return timezone.localtime(value).replace(tzinfo=zone)


def zone_of(name: str) -> zoneinfo.ZoneInfo | None:
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return None


def check_gap(form: TriggerForm) -> None:
    """Refuse a time that daylight saving leaves out in the trigger's zone."""
    for name in TIMES:
        value = form.cleaned_data.get(name)
        if value and value.astimezone(UTC).astimezone(value.tzinfo).time() != value.time():
            form.add_error(
                name, ValidationError(_("There is no such time on that day: clocks go forward."))
            )
