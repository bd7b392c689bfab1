"""`manage.py exporttasks`: prints projects, environments, groups and tasks as YAML."""

import yaml
from django.core.management.base import BaseCommand

from kumo.declared.exporting import document


class Command(BaseCommand):
    help = "Prints what applytasks reads; secrets are not among it."

    def handle(self, **_options):
        text = yaml.safe_dump(document(), allow_unicode=True, sort_keys=False)
        self.stdout.write(text, ending="")
