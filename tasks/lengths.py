"""Lengths of time and sizes, in words."""

from django.utils.formats import number_format
from django.utils.translation import gettext as _


def length(seconds: float | None) -> str:
    """Return a length such as `2 min 5 s`, or a dash for None."""
    if seconds is None:
        return "–"
    if seconds < 10:
        return _("%(seconds)s s") % {"seconds": number_format(seconds, 1)}
    whole = round(seconds)
    if whole < 60:
        return _("%(seconds)s s") % {"seconds": whole}
    if whole < 3600:
        return _("%(minutes)s min %(seconds)s s") % {"minutes": whole // 60, "seconds": whole % 60}
    if whole < 86_400:
        return _("%(hours)s h %(minutes)s min") % {
            "hours": whole // 3600,
            "minutes": whole % 3600 // 60,
        }
    return _("%(days)s d %(hours)s h") % {"days": whole // 86_400, "hours": whole % 86_400 // 3600}


def size(count: int | None) -> str:
    """Return a size in bytes such as `1.4 MB`, or a dash for None."""
    if count is None:
        return "–"
    if count < 1000:
        return _("%(count)s B") % {"count": count}
    for unit in ("kB", "MB", "GB"):
        count /= 1000
        if count < 999.5 or unit == "GB":
            return f"{number_format(count, 1 if count < 100 else 0)} {unit}"
    return ""
