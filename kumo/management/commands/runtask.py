"""Runs a task from the command line, and follows it."""

import json
import sys
import time

from django.core.management.base import BaseCommand, CommandError
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext as _

from audit.recording import command, record
from kumo.api.runs import runs, shown_whole
from runner.logs.reader import LogReader
from tasks.models import Run, Task
from tasks.queue import QueueFull, WrongParams, enqueue
from tasks.reasons import explain

LOOK_EVERY = 0.25


class Command(BaseCommand):
    help = "Put a run of a task into the queue; with --wait exit 0 only when it succeeds."

    def add_arguments(self, parser):
        parser.add_argument("task", help="name of the task")
        parser.add_argument("--param", action="append", default=[], metavar="NAME=VALUE")
        parser.add_argument("--wait", action="store_true", help="wait until the run has ended")
        parser.add_argument("--follow", action="store_true", help="wait, and print the log")
        parser.add_argument("--json", action="store_true", help="print the run as JSON")

    def handle(self, task, param, **options):
        run = self.start(task, dict(map(named, param)))
        if not options["json"]:
            self.stdout.write(_("Run %(id)s of %(task)s") % {"id": run.pk, "task": run.task_slug})
        if options["wait"] or options["follow"]:
            follow(run, Printer(self.stdout) if options["follow"] else None)
        run = runs().get(pk=run.pk)
        if options["json"]:
            self.stdout.write(json.dumps(shown_whole(run), cls=DjangoJSONEncoder))
        else:
            self.stdout.write(f"{run.get_status_display()} {explain(run)}".strip())
        if run.is_terminal and run.status != Run.Status.SUCCEEDED:
            sys.exit(1)

    def start(self, slug: str, params: dict) -> Run:
        task = Task.objects.filter(slug=slug).first()
        if task is None:
            raise CommandError(_("There is no task “%(name)s”.") % {"name": slug})
        try:
            run = enqueue(task, Run.Origin.COMMAND, params=params)
        except WrongParams as problem:
            lines = (f"{name}: {' '.join(texts)}" for name, texts in problem.errors.items())
            raise CommandError("\n".join(lines)) from None
        except QueueFull as problem:
            text = _("As many runs of this task wait as may: %(limit)s.")
            raise CommandError(text % {"limit": problem.limit}) from None
        with command():
            record("run", run)
        return run


def named(param: str) -> tuple[str, str]:
    name, sign, value = param.partition("=")
    if not sign or not name:
        raise CommandError(_("Write --param NAME=VALUE, not %(text)s.") % {"text": param})
    return name, value


def follow(run: Run, printer: "Printer | None") -> None:
    """Return once the run has ended and its log is printed."""
    while True:
        has_ended = runs().get(pk=run.pk).is_terminal
        if printer:
            printer.print_new(run)
        if has_ended:
            return
        time.sleep(LOOK_EVERY)


class Printer:
    """Prints what the attempts of a run have logged since it last looked."""

    def __init__(self, out):
        self.out = out
        self.printed = {}

    def print_new(self, run: Run) -> None:
        for attempt in run.attempts.order_by("number"):
            place = self.printed.get(attempt.number, 0)
            for data in LogReader(attempt.spool).raw(place, 2**62):
                self.out.write(data.decode("utf-8", "replace"), ending="")
                place += len(data)
            self.printed[attempt.number] = place
