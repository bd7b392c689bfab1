"""`manage.py restore FILE`: a backup into an empty data directory."""

import getpass
import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from backups import bundle, dumping, keywrap, restoring
from kumo.homelock import HomeLock, HomeTaken


class Command(BaseCommand):
    help = "Restores a backup into an empty data directory; Kumo must not be running on it."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--home", type=Path, metavar="DIR", help="Instead of KUMO_HOME.")
        parser.add_argument("--force", action="store_true", help="Put aside what is there.")

    def handle(self, *, file, home, force, **_options):
        if home and home.absolute() != settings.KUMO_HOME:
            self.elsewhere(file.absolute(), home.absolute(), force)
        else:
            self.here(file, force)

    def here(self, file: Path, force: bool) -> None:
        told = os.environ.get("KUMO_BACKUP_PASSPHRASE", "")
        try:
            if not told and has_key(file):
                told = getpass.getpass(_("Passphrase: "))
            HomeLock(settings.KUMO_HOME).take()
            manifest = restoring.restore(file, told, force)
        except (bundle.BadBackup, dumping.DumpFailed) as problem:
            raise CommandError(_("The backup is damaged: %s") % problem) from None
        except HomeTaken:
            raise CommandError(
                _("Kumo is running on this data directory. Stop it first.")
            ) from None
        except restoring.NotEmpty as taken:
            raise CommandError(
                _("%s is not empty. Choose another with --home, or put it aside with --force.")
                % taken
            ) from None
        except restoring.OtherDatabase as other:
            raise CommandError(
                _("The backup is of a %s database. Set DATABASE_URL to one of that kind.") % other
            ) from None
        except keywrap.WrongPassphrase:
            raise CommandError(_("The passphrase does not open the field key.")) from None
        self.say(manifest)

    def say(self, manifest) -> None:
        self.stdout.write(_("Restored what was backed up at %s.") % manifest.made_at)
        self.stdout.write(
            _("Runs that were going are lost now, everybody signs in again, and maintenance is on:")
        )
        self.stdout.write(_("start Kumo, look at the schedules, and end maintenance."))

    def elsewhere(self, file: Path, home: Path, force: bool) -> None:
        """Do it again as a process whose settings are those of the other data directory."""
        words = [sys.executable, str(settings.BASE_DIR / "manage.py"), "restore", str(file)]
        env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        done = subprocess.run(
            words + ["--force"] * force, env=env | {"KUMO_HOME": str(home)}, check=False
        )
        if done.returncode:
            raise CommandError(_("Nothing was restored; what is wrong is said above."))


def has_key(file: Path) -> bool:
    return bundle.verify(file).has_key
