"""What a trigger means: its sentence and its next fires, while it is being written."""

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tasks import forecast, sentences
from tasks.models import Trigger
from tasks.triggers import BadTrigger
from tasks.triggerspecs import spec_of

FIRES = 6
NOTES = {
    "gap": _("moved: the clocks go forward"),
    "repeated": _("the first of two: the clocks go back"),
}


@dataclass
class Preview:
    sentence: str = ""
    fires: list[tuple[datetime, str]] = field(default_factory=list)
    problem: str = ""


def preview(trigger: Trigger, now: datetime | None = None) -> Preview:
    """Return the sentence and the next six fires in the trigger's zone, or what is wrong."""
    try:
        spec = spec_of(trigger)
    except BadTrigger as problem:
        return Preview(problem=str(problem))
    if spec is None:
        return Preview()
    zone = ZoneInfo(trigger.time_zone)
    fires = forecast.next_fires([trigger], now or timezone.now(), FIRES)
    return Preview(
        sentence=sentences.sentence(spec),
        fires=[(at.astimezone(zone), str(NOTES.get(note, ""))) for at, _trigger, note in fires],
    )
