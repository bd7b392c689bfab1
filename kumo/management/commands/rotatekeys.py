"""Replaces the key that secrets are sealed with, while Kumo runs; may be stopped and run again."""

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.recording import record
from monitoring.models import Channel
from tasks import fieldkeys, variables
from tasks.models import Variable


class Command(BaseCommand):
    help = "Replaces the key that secrets are sealed with. Kumo may run meanwhile."

    def handle(self, **options):
        try:
            with fieldkeys.alone():
                self.rotate()
        except fieldkeys.RotationGoing:
            raise CommandError(_("Another rotatekeys is at work.")) from None

    def rotate(self):
        try:
            is_new = fieldkeys.begin_rotation()
        except fieldkeys.RotationImpossible as problem:
            raise CommandError(str(problem)) from None
        if not is_new:
            self.stdout.write(_("Going on with a rotation that was begun before."))
        sealed = self.reseal_all()
        fieldkeys.switch()
        # What a process sealed with the old key while the new one took its place.
        sealed += self.reseal_all()
        fieldkeys.forget_old()
        record("rotate keys", None, {"secrets": ["", sealed]})
        self.stdout.write(
            ngettext(
                "The key was replaced; %(count)s secret was sealed again.",
                "The key was replaced; %(count)s secrets were sealed again.",
                sealed,
            )
            % {"count": sealed}
        )

    def reseal_all(self) -> int:
        """Seal every secret with the new key, each by itself; return how many.

        Nothing is switched while one cannot be read: its key may still be found.
        """
        unreadable, sealed = [], 0
        secrets = Variable.objects.filter(is_secret=True).order_by("pk")
        for pk in secrets.values_list("pk", flat=True):
            try:
                sealed += variables.reseal(pk)
            except variables.WrongKey as problem:
                unreadable.append(str(problem))
        for channel in Channel.objects.exclude(sealed=None):
            try:
                sealed += channel.reseal()
            except variables.WrongKey:
                unreadable.append(channel.name)
        if unreadable:
            raise CommandError(
                _(
                    "These secrets cannot be read: %(names)s. Put the key they were sealed with "
                    "into %(file)s, or enter them again, then run rotatekeys again."
                )
                % {
                    "names": ", ".join(unreadable),
                    "file": fieldkeys.directory() / "field_key.old",
                }
            )
        return sealed
