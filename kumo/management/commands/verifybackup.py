"""`manage.py verifybackup FILE`: proof that a backup is whole."""

import tempfile
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from backups import bundle, dumping


class Command(BaseCommand):
    help = "Reads a whole backup, compares every checksum and checks the database in it."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    def handle(self, *, file, **_options):
        try:
            with tempfile.TemporaryDirectory() as name:
                manifest = bundle.unpack(file, Path(name))
                if manifest.vendor == "sqlite":
                    dumping.check_sqlite(Path(name) / dumping.SQLITE)
        except (bundle.BadBackup, dumping.DumpFailed) as problem:
            raise CommandError(_("The backup is damaged: %s") % problem) from None
        self.stdout.write(
            _("Whole: made %(at)s, %(files)s files, %(runs)s runs.")
            % {
                "at": manifest.made_at,
                "files": len(manifest.files),
                "runs": manifest.counts.get("tasks.run", 0),
            }
        )
