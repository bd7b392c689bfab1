"""Makes an API token and prints it, once."""

from datetime import timedelta

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.models import ApiToken, User
from audit.recording import command, record

LONGEST_DAYS = 36_500


class Command(BaseCommand):
    help = "Make an API token for a user and print it; it cannot be shown again."

    def add_arguments(self, parser):
        parser.add_argument("user", help="name of the user")
        parser.add_argument("--name", default="command line")
        parser.add_argument(
            "--scope", choices=ApiToken.Scope.values, default=ApiToken.Scope.WRITE.value
        )
        parser.add_argument("--expires", type=int, metavar="DAYS")

    def handle(self, user, name, scope, expires, **options):
        owner = User.objects.filter(username=user, is_active=True).first()
        if owner is None:
            raise CommandError(_("There is no active user %(name)s.") % {"name": user})
        if not 0 < len(name) <= 100:
            raise CommandError(_("Give --name between 1 and 100 characters."))
        token, text = ApiToken.objects.issue(owner, name, scope, self.end(expires))
        with command(owner):
            record("create", token, {"scope": scope, "expires_at": token.expires_at})
        self.stdout.write(text)

    def end(self, days: int | None):
        if days is None:
            return None
        if not 0 < days <= LONGEST_DAYS:
            raise CommandError(_("Give --expires as a number of days, 1 or more."))
        return timezone.now() + timedelta(days=days)
