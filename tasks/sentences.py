"""Triggers in a sentence, in the language of the moment."""

import re
from datetime import date

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from tasks.triggers import Cron, Date, Interval

DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MOST_TIMES = 12
UNITS = (
    (86_400, gettext_lazy("Every day"), gettext_lazy("Every %(n)s days")),
    (3600, gettext_lazy("Every hour"), gettext_lazy("Every %(n)s hours")),
    (60, gettext_lazy("Every minute"), gettext_lazy("Every %(n)s minutes")),
)


def sentence(spec) -> str:
    """Return what the specification means, such as `At 02:30, Monday to Friday`."""
    match spec:
        case Cron():
            return cron_sentence(spec)
        case Interval():
            return every(spec.every)
        case Date():
            return _("Once, on %(time)s") % {"time": f"{spec.at:%Y-%m-%d %H:%M:%S %Z}"}
    return ""


def every(seconds: float) -> str:
    for unit, one, many in UNITS:
        if seconds >= unit and seconds % unit == 0:
            count = int(seconds // unit)
            return str(one) if count == 1 else str(many) % {"n": count}
    if seconds == 1:
        return _("Every second")
    seconds = int(seconds) if seconds == int(seconds) else seconds
    return _("Every %(n)s seconds") % {"n": number_format(seconds)}


def cron_sentence(spec: Cron) -> str:
    minute, hour, day, month, weekday = spec.line.lower().split()
    time, days, months = times(minute, hour), day_words(day, weekday), month_words(month)
    when = listed(each for each in (days, months) if each)
    return _("%(time)s, %(when)s") % {"time": time, "when": when} if when else time


def times(minute: str, hour: str) -> str:
    minutes, hours = numbers(minute, 60), numbers(hour, 24)
    if minute == hour == "*":
        return every(60)
    if hour == "*" and (step := even_step_of(minute, 60)):
        return every(60 * step)
    is_short = minutes and len(minutes) <= MOST_TIMES
    if is_short and hour == "*":
        return _("Every hour at minute %(minutes)s") % {"minutes": listed(minutes)}
    if is_short and (step := even_step_of(hour, 24)):
        return _("Every %(step)s hours at minute %(minutes)s") % {
            "step": step,
            "minutes": listed(minutes),
        }
    if minutes and hours and len(minutes) * len(hours) <= MOST_TIMES:
        clock = [f"{each:02d}:{part:02d}" for each in hours for part in minutes]
        return _("At %(times)s") % {"times": listed(clock)}
    return _("At minutes %(minutes)s of hours %(hours)s") % {
        "minutes": listed(minutes) if is_short else ranges(minute.replace("*", "0-59")),
        "hours": ranges(hour.replace("*", "0-23")),
    }


def step_of(field: str) -> int | None:
    """Return n of `*/n`, or None for another field."""
    found = re.fullmatch(r"\*/([0-9]+)", field)
    return int(found[1]) if found else None


def even_step_of(field: str, whole: int) -> int | None:
    """Return n of `*/n` where n goes into the whole, so that it is a rhythm without a break."""
    step = step_of(field)
    return step if step and whole % step == 0 else None


def numbers(field: str, whole: int) -> list[int] | None:
    """Return the numbers that a field names, or None where it names all of them."""
    if field == "*":
        return None
    return sorted(set().union(*(part_numbers(part, whole) for part in field.split(","))))


def part_numbers(part: str, whole: int) -> range:
    span, slash, step = part.partition("/")
    first, dash, last = span.partition("-")
    if first == "*":
        first, last = 0, whole - 1
    elif not dash:
        # A single number with a step goes on to the end.
        last = whole - 1 if slash else first
    return range(int(first), int(last) + 1, int(step or 1))


def listed(parts) -> str:
    return pgettext("between the parts of a list", ", ").join(map(str, parts))


def day_words(day: str, weekday: str) -> str:
    by_day = "" if day == "*" else month_days(day)
    by_weekday = "" if weekday == "*" else weekdays(weekday)
    if by_day and by_weekday and (day[0] == "*" or weekday[0] == "*"):
        # Debian's rule: with a star in front of either, both must be true.
        return listed([by_day, by_weekday])
    if by_day and by_weekday:
        return _("%(days)s or %(weekdays)s") % {"days": by_day, "weekdays": by_weekday}
    return by_day or by_weekday


def month_days(field: str) -> str:
    if field == "l":
        return _("on the last day of the month")
    if step := step_of(field):
        return _("every %(step)s days of the month") % {"step": step}
    return _("on day %(days)s of the month") % {"days": ranges(field)}


def ranges(field: str) -> str:
    parts = [part.replace("-", "–") for part in field.split(",")]
    return listed(parts)


def weekdays(field: str) -> str:
    if step := step_of(field):
        # Both 0 and 7 are Sunday.
        numbered = dict.fromkeys(number % 7 for number in range(0, 8, step))
        return listed(weekday(str(number)) for number in numbered)
    return listed(weekday_part(part) for part in field.split(","))


def weekday_part(part: str) -> str:
    first, dash, last = part.partition("-")
    if dash:
        return _("%(first)s to %(last)s") % {"first": weekday(first), "last": weekday(last)}
    if part.endswith("l"):
        return _("the last %(weekday)s of the month") % {"weekday": weekday(part[:-1])}
    name, hash_, place = part.partition("#")
    if hash_:
        return _("%(weekday)s number %(place)s of the month") % {
            "weekday": weekday(name),
            "place": place,
        }
    return weekday(part)


def weekday(name: str) -> str:
    """Return the weekday's name in full; 2026-02-01 was a Sunday."""
    number = DAYS.index(name) if name in DAYS else int(name) % 7 if name.isdigit() else None
    return name if number is None else date_format(date(2026, 2, 1 + number), "l")


def month_words(field: str) -> str:
    if field == "*":
        return ""
    step = step_of(field)
    parts = map(str, range(1, 13, step)) if step else field.split(",")
    return _("in %(months)s") % {"months": listed(map(month_part, parts))}


def month_part(part: str) -> str:
    first, dash, last = part.partition("-")
    if dash:
        return _("%(first)s to %(last)s") % {"first": month(first), "last": month(last)}
    return month(part)


def month(name: str) -> str:
    number = MONTHS.index(name) + 1 if name in MONTHS else int(name) if name.isdigit() else None
    return name if number is None else date_format(date(2026, number, 1), "F")
