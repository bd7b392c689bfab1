"""`manage.py launcher`: becomes the node's launcher, for service managers."""

from django.core.management.base import BaseCommand

from kumo import processes


class Command(BaseCommand):
    help = "Becomes the small process that forks this node's supervisors."
    requires_system_checks = []

    def handle(self, **_options):
        processes.launch()
