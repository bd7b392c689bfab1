"""`manage.py clock`: the clock alone, for service managers."""

from django.core.management.base import BaseCommand

from kumo import processes


class Command(BaseCommand):
    help = "Runs the clock until SIGTERM."
    requires_system_checks = []

    def handle(self, **_options):
        processes.tick()
