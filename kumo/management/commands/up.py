"""`manage.py up`: the whole of Kumo on this machine."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from kumo import listening, overseer, preparation, processes
from kumo.homelock import HomeLock, HomeTaken
from kumo.settings import LOOPBACK_NAMES, is_loopback
from kumo.variables import WrongVariable, address

PROBE_EVERY = 0.2


class Command(BaseCommand):
    help = "Prepares the data directory and starts web, clock, keeper and worker."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--bind", metavar="HOST:PORT", help="Instead of KUMO_BIND.")
        parser.add_argument(
            "--no-demo", action="store_true", help="Do not offer the demo on the first page."
        )

    def handle(self, *, bind, no_demo, **_options):
        if no_demo:
            settings.KUMO_DEMO = False
        lock = self.take_home()
        pages = self.listen(bind)
        # Port 0 took a free one; the demo crawls pages that are served here.
        settings.KUMO_BIND = pages.getsockname()[:2]
        self.prepare()
        processes.share_memory()
        self.oversee(pages)
        del lock

    def take_home(self) -> HomeLock:
        lock = HomeLock(settings.KUMO_HOME)
        try:
            lock.take()
        except HomeTaken as taken:
            raise CommandError(
                _("Kumo is running on %(home)s already (process %(pid)s).")
                % {"home": settings.KUMO_HOME, "pid": taken.pid}
            ) from None
        return lock

    def listen(self, bind):
        try:
            host, port = address("--bind", bind) if bind else settings.KUMO_BIND
        except WrongVariable as wrong:
            raise CommandError(str(wrong)) from None
        if not is_loopback(host) and settings.ALLOWED_HOSTS == LOOPBACK_NAMES:
            raise CommandError(_("Set KUMO_ALLOWED_HOSTS to the names that people reach Kumo by."))
        try:
            return listening.bind(host, port)
        except OSError as error:
            raise CommandError(
                _("Cannot listen on %(host)s:%(port)s: %(problem)s. Choose another with --bind.")
                % {"host": host, "port": port, "problem": error.strerror}
            ) from None

    def prepare(self) -> None:
        """Prepare in a process of its own: this one stays small and without a connection."""
        if overseer.finish(lambda: preparation.prepare(self.stdout)):
            raise CommandError(_("The preparation failed; what went wrong is above."))

    def oversee(self, pages) -> None:
        endpoint = f"fd:fileno={pages.fileno()}"
        members = [
            overseer.Member("launcher", processes.launch),
            overseer.Member("worker", processes.deliver),
            overseer.Member("keeper", processes.keep),
            overseer.Member("clock", processes.tick),
            overseer.Member("web", lambda: processes.web(endpoint)),
        ]
        overseer.Overseer(members).run(Announcement(self.stdout, pages))
        self.stdout.write(_("Kumo has stopped. Spiders that were running go on."))


class Announcement:
    """Says once where Kumo is, as soon as it answers there."""

    def __init__(self, out, pages):
        self.out = out
        self.pages = pages
        self.is_said = False

    def __call__(self) -> float | None:
        """Return the seconds after which to ask again, None when there is nothing left to say."""
        if not self.is_said and listening.is_answering(self.pages):
            self.is_said = True
            self.out.write(_("Kumo is at %s") % listening.url(self.pages))
            self.out.flush()
        return None if self.is_said else PROBE_EVERY
