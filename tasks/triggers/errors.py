"""What can be wrong with a trigger, in the words of its field."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "empty": _("Write a cron line, for example 30 2 * * 1-5."),
    "fields": _("A cron line has five fields: minute, hour, day, month, weekday."),
    "syntax": _("This cron line cannot be read: %(detail)s."),
    "never": _("This never comes true."),
    "zone": _("There is no time zone %(detail)s. Example: Asia/Shanghai."),
    "every": _("Write a length of at least one second."),
    "no_time": _("Write a date and a time."),
    "past": _("This is in the past."),
    "order": _("This is not after “not before”."),
}


class BadTrigger(ValueError):
    """A trigger that makes no sense: `field` is where, `code` what, and `str()` says it."""

    def __init__(self, field: str, code: str, detail: str = ""):
        super().__init__(field, code, detail)
        self.field, self.code, self.detail = field, code, detail

    def __str__(self):
        return str(WORDS[self.code]) % {"detail": self.detail}
