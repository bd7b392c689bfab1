"""`manage.py web`: the pages alone, for service managers."""

from django.conf import settings
from django.core.management.base import BaseCommand

from kumo import listening, processes


class Command(BaseCommand):
    help = "Serves pages, the API and sockets at KUMO_BIND until SIGTERM."
    requires_system_checks = []

    def handle(self, **_options):
        pages = listening.bind(*settings.KUMO_BIND)
        processes.web(f"fd:fileno={pages.fileno()}")
