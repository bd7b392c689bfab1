"""`manage.py applytasks FILE...`: makes projects, environments and tasks as YAML declares them."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from audit import recording
from kumo.declared.applying import apply
from kumo.declared.reading import Wrong, read


class Command(BaseCommand):
    help = "Applies declared projects, environments, groups and tasks; the same again changes none."

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="Print the difference only.")

    def handle(self, *, files, dry_run, **_options):
        try:
            with recording.command():
                changed = apply(read(files), is_dry=dry_run)
        except Wrong as wrong:
            lines = [
                f"{place}: {' '.join(map(str, texts))}" for place, texts in wrong.errors.items()
            ]
            raise CommandError("\n".join(lines)) from None
        for line in changed:
            self.stdout.write(line)
        if not changed:
            self.stdout.write(_("Everything is as declared."))
