"""Opens and closes incidents as runs end, and has channels told: once each."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from monitoring.models import Incident, Message, Rule, Watermark
from nodes.delivery import deliver
from tasks.models import Event, Run
from tasks.reasons import explain

LOOK_EVERY = timedelta(seconds=5)
# A run becomes visible when its transaction ends, a moment after the time that it carries.
OVERLAP = timedelta(seconds=30)
Happening = Rule.Happening
KINDS = {
    Run.Status.FAILED: Happening.FAILED,
    Run.Status.TIMED_OUT: Happening.TIMED_OUT,
    Run.Status.LOST: Happening.LOST,
}
ENDS = (*KINDS, Run.Status.SUCCEEDED)


def look(now: datetime) -> datetime:
    """Judge what has ended since the last look; return when to look again."""
    if Rule.objects.filter(is_enabled=True).exists():
        with transaction.atomic():
            judge(now)
    else:
        # What happens while there are no rules is nobody's business later.
        Watermark.objects.filter(pk=1).delete()
    return now + LOOK_EVERY


def judge(now: datetime) -> None:
    mark, is_new = Watermark.objects.select_for_update().get_or_create(
        pk=1, defaults={"looked_at": now, "event": last_event()}
    )
    if is_new:
        return
    rules = list(Rule.objects.filter(is_enabled=True).select_related("channel"))
    seen = set(mark.runs)
    runs = [run for run in ended_since(mark.looked_at - OVERLAP) if run.pk not in seen]
    for run in sorted(runs, key=lambda run: (run.finished_at, run.pk)):
        judge_run(run, rules)
    events = Event.objects.filter(pk__gt=mark.event, kind="breaker").select_related("task", "run")
    for event in events.order_by("pk"):
        happened(rules, event.task, Happening.BREAKER, event.run, event.at)
    recent = [run.pk for run in ended_since(now - OVERLAP)]
    Watermark.objects.filter(pk=1).update(looked_at=now, runs=recent, event=last_event())


def ended_since(at: datetime) -> list[Run]:
    """Return the runs whose end was written after `at`, whenever they really ended.

    The statuses are told apart here: asked for them, SQLite walks all runs that ever ended.
    """
    changed = Run.objects.filter(changed_at__gt=at).select_related("task", "failure")
    return [run for run in changed if run.status in ENDS and run.task]


def last_event() -> int:
    return Event.objects.aggregate(last=Max("pk"))["last"] or 0


def judge_run(run: Run, rules: list[Rule]) -> None:
    if run.status == Run.Status.SUCCEEDED:
        recovered(run)
    else:
        happened(rules, run.task, KINDS[run.status], run, run.finished_at)


def happened(rules: list[Rule], task, kind: str, run: Run | None, at: datetime) -> None:
    """Open an incident for each rule in whose scope this is, or count it to the open one."""
    for rule in rules:
        if kind not in rule.kinds or task is None or not rule.covers(task):
            continue
        incident, is_new = Incident.objects.get_or_create(
            rule=rule,
            task=task,
            closed_at=None,
            defaults={"kind": kind, "run": run, "opened_at": at},
        )
        if not is_new:
            Incident.objects.filter(pk=incident.pk).update(count=incident.count + 1)
        elif not told_lately(rule, task, at):
            tell(incident, "opened")


def told_lately(rule: Rule, task, at: datetime) -> bool:
    since = at - timedelta(minutes=rule.apart)
    told = Message.objects.filter(incident__rule=rule, incident__task=task)
    return bool(rule.apart) and told.filter(facts__event="opened", created_at__gt=since).exists()


def recovered(run: Run) -> None:
    # A success that ended before it, and is heard of only now, closes nothing.
    opened = Incident.objects.filter(task=run.task, closed_at=None, opened_at__lte=run.finished_at)
    for incident in opened.select_related("rule"):
        if not Incident.objects.filter(pk=incident.pk, closed_at=None).update(
            closed_at=run.finished_at
        ):
            continue
        # Nobody wants to hear of the end of what they have not heard of.
        if incident.rule.tells_recovery and incident.messages.exists():
            incident.run = run
            tell(incident, "recovered")


def tell(incident: Incident, event: str) -> Message:
    """Have the incident's channel told that it opened or recovered."""
    with translation.override(settings.LANGUAGE_CODE):
        title, text = words(incident, event)
    message = Message.objects.create(
        channel=incident.rule.channel,
        incident=incident,
        key=uuid.uuid4().hex,
        title=title[:300],
        text=text,
        facts={
            "event": event,
            "kind": incident.kind,
            "task": incident.task.slug,
            "run": incident.run_id,
            "incident": incident.pk,
        },
        next_try_at=timezone.now(),
    )
    deliver("monitoring.sending.send", message.pk)
    return message


def words(incident: Incident, event: str) -> tuple[str, str]:
    names = {"task": incident.task, "what": incident.get_kind_display()}
    if event == "recovered":
        return _("Kumo: %(task)s works again") % names, ""
    title = _("Kumo: %(task)s %(what)s") % names
    run = incident.run
    if run is None:
        return title, ""
    why = run.failure.title if run.failure else explain(run)
    return title, _("Run #%(run)s: %(why)s") % {"run": run.pk, "why": why}
