"""Proves that the audit log is as it was written."""

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from audit.chain import first_break
from audit.models import AuditEntry


class Command(BaseCommand):
    help = "Check the chain of the audit log; exit 1 and name the first broken entry."

    def handle(self, **options):
        broken = first_break()
        if broken:
            raise CommandError(
                _("Entry %(entry)s of the audit log: %(sentence)s.")
                % {"entry": broken.entry, "sentence": broken.sentence}
            )
        count = AuditEntry.objects.count()
        self.stdout.write(
            _("The audit log is as it was written: %(count)s entries.") % {"count": count}
        )
