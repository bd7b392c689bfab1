"""`manage.py qcluster`: the worker alone, for service managers."""

from django.core.management.base import BaseCommand

from kumo import processes


class Command(BaseCommand):
    help = "Runs the worker, Django-Q2's cluster, until SIGTERM."
    requires_system_checks = []

    def handle(self, **_options):
        processes.deliver()
