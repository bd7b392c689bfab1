"""`manage.py backup`: one backup, online and verified."""

import getpass
import os
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from audit import recording
from backups import making
from backups.models import Backup


class Command(BaseCommand):
    help = "Makes a verified backup of the database and the projects while Kumo works."

    def add_arguments(self, parser):
        parser.add_argument("--output", type=Path, metavar="DIR", help="Instead of HOME/backups.")
        parser.add_argument(
            "--passphrase",
            action="store_true",
            help="Ask for a passphrase (or take KUMO_BACKUP_PASSPHRASE) and put the field key in.",
        )
        parser.add_argument("--row", type=int, help="The row that the web page waits for.")

    def handle(self, *, output, passphrase, row, **_options):
        backup = Backup.objects.filter(pk=row).first() if row else None
        told = os.environ.get("KUMO_BACKUP_PASSPHRASE", "")
        if passphrase and not told:
            told = getpass.getpass(_("Passphrase: "))
        try:
            with recording.command(backup.requested_by if backup else None):
                file = making.make(output, told, backup)
        except Exception as problem:
            raise CommandError(_("No backup was made: %s") % problem) from problem
        self.stdout.write(str(file))
        if not told:
            self.stdout.write(
                _("The field key is not in it. Keep %s yourself, or use --passphrase.")
                % "keys/field_key"
            )
