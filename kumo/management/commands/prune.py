"""`manage.py prune`: deletes what is older, more or larger than is kept."""

from collections import Counter

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from audit import recording
from envs import removal
from tasks.models import Retention
from tasks.retention.judging import fires_to_go
from tasks.retention.pruning import prune, verdicts
from tasks.retention.words import REASONS


class Command(BaseCommand):
    help = "Deletes runs, logs and files that the retention rules let go."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="Say what would go, and why.")

    def handle(self, *, dry_run, **_options):
        done = self.would_go() if dry_run else self.prune()
        for key, count in sorted(done.items()):
            self.stdout.write(f"{count}  {REASONS[key]}")
        if not done:
            self.stdout.write(_("Nothing is to go."))

    def would_go(self) -> Counter:
        now = timezone.now()
        found = verdicts(now)
        for verdict in found:
            self.stdout.write(f"#{verdict.run_id}  {REASONS[verdict.what, verdict.why]}")
        done = Counter((verdict.what, verdict.why) for verdict in found)
        fires = fires_to_go(Retention.get(), now).count()
        return done + Counter({("fires", "age"): fires})

    def prune(self) -> Counter:
        with recording.command():
            done = prune()
            if done:
                recording.record("prune", None, {f"{a} {b}": n for (a, b), n in done.items()})
        removal.collect()
        removal.sweep()
        return done
