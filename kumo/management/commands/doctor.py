"""`manage.py doctor`: what is wrong, and what to do."""

import sys

from django.core.management.base import BaseCommand

from kumo import doctor


class Command(BaseCommand):
    help = "Looks at keys, disk, tables, processes, backups and orphans; exit status 1 for a find."
    requires_system_checks = []

    def handle(self, **_options):
        is_ill = False
        for finding in doctor.findings():
            is_ill |= not finding.is_well
            mark = "ok" if finding.is_well else "!!"
            self.stdout.write(f"{mark}  {finding.title}  {finding.told}".rstrip())
            if not finding.is_well:
                self.stdout.write(f"    {finding.advice}")
        if is_ill:
            sys.exit(1)
