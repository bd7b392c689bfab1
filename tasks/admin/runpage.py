"""What the run page shows."""

import re
from itertools import pairwise

from django.http import StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from envs import offers
from runner.logs.reader import LogReader
from tasks import artifacts, comparing, eventwords, exits, usage
from tasks.charts.lines import line
from tasks.charts.strip import strip
from tasks.lengths import length, size
from tasks.models import Attempt, Event, Run
from tasks.reasons import explain
from tasks.streaming import stream
from tasks.waiting import why

RUNS = Run.objects.select_related(
    "task__project",
    "task__environment",
    "revision__project",
    "build__environment",
    "node",
    "trigger",
    "requested_by",
    "upstream_run",
    "failure",
    "rerun_of",
    "project",
)
FIRST_LINES = 200
MISSING_MODULE = re.compile(r"No module named '([\w.]+)'")
COLOURS = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
ERRORS_SHOWN, ERRORS_SOUGHT = 3, 5000
TABS = ("log", "details", "environment", "files", "events", "compare")
BAD = (Run.Status.FAILED, Run.Status.TIMED_OUT, Run.Status.LOST)


def context(run: Run, request) -> dict:
    tab = request.GET.get("tab")
    tab = tab if tab in TABS else TABS[0]
    chosen = chosen_attempt(run, request)
    page = header(run, request) | {
        "title": f"{run.task_slug} #{run.pk}",
        "opts": Run._meta,
        "tab": tab,
        "tabs": tabs(run, tab),
        "attempt": chosen,
        "attempt_reason": explain(chosen) if chosen else "",
    }
    return page | SECTIONS[tab](run, chosen)


def header(run: Run, request) -> dict:
    """Return what changes while the run goes on: status, facts, waiting, attempts."""
    attempts = list(run.attempts.select_related("node"))
    return {
        "run": run,
        "task": run.task,
        "is_active": not run.is_terminal,
        "is_bad": run.status in BAD,
        "reason": explain(run),
        "waiting": why(run),
        "missing_package": missing_package(run),
        "attempts": [(attempt, explain(attempt), length(attempt.duration)) for attempt in attempts],
        "facts": facts(run, attempts),
        "strip": strip(run.task.recent, 30, run.pk) if run.task else "",
        "may_run": request.user.has_perm("tasks.run_task"),
        "now": timezone.now(),
        "secrets_printed": sum(attempt.secrets_printed for attempt in attempts),
    }


def missing_package(run: Run) -> str:
    """Return the package that would bring the module whose lack failed the run, or nothing."""
    found = MISSING_MODULE.search(run.failure.title) if run.failure else None
    return offers.missing_package(found[1].split(".")[0]) if found else ""


def facts(run: Run, attempts: list[Attempt]) -> list[tuple]:
    """Return (title, text) pairs; a text may be a time."""
    last = attempts[-1] if attempts else None
    pairs = [
        (_("Started by"), started_by(run)),
        (_("Scheduled for"), run.scheduled_for),
        (_("Queued"), run.queued_at),
        (_("Started"), run.started_at),
        (_("Finished"), run.finished_at),
        (_("Duration"), length(run.duration) if run.duration is not None else None),
        (_("Exit"), exit_of(run)),
        (_("CPU time"), length(used(run, last, "cpu_seconds")) if last else None),
        (_("Memory now"), size(last.rss_bytes) if last and last.rss_bytes else None),
        (_("Peak memory"), size(used(run, last, "peak_rss_bytes")) if last else None),
        (_("Survivors"), run.survivors or None),
        (_("Revision"), run.revision),
        (_("Build"), run.build),
        (_("Node"), run.node),
        (_("Priority"), run.priority or None),
    ]
    return [(title, value) for title, value in pairs if value not in (None, "", "–")]


def used(run: Run, last: Attempt, name: str):
    return getattr(run, name) if getattr(run, name) is not None else getattr(last, name)


def started_by(run: Run) -> str:
    return (
        f"{run.get_origin_display()} ({run.requested_by})"
        if run.requested_by
        else (run.get_origin_display())
    )


def exit_of(run: Run) -> str | None:
    if run.signal:
        return exits.signal_name(run.signal)
    return None if run.exit_code is None else str(run.exit_code)


def chosen_attempt(run: Run, request) -> Attempt | None:
    """Return the attempt that `?attempt=` names, else the last one."""
    number = request.GET.get("attempt", "")
    attempts = run.attempts.select_related("run")
    if number.isascii() and number.isdigit() and len(number) < 10:
        chosen = attempts.filter(number=int(number)).first()
        if chosen:
            return chosen
    return attempts.last()


def tabs(run: Run, current: str) -> list[dict]:
    titles = {
        "log": _("Log"),
        "details": _("Details"),
        "environment": _("Environment"),
        "files": _("Files"),
        "events": _("Events"),
        "compare": _("Compare"),
    }
    return [
        {"title": title, "query": f"?tab={name}", "is_current": name == current}
        for name, title in titles.items()
    ]


def log_section(run: Run, attempt: Attempt | None) -> dict:
    if attempt is None or attempt.files_removed_at:
        return {"log": None}
    reader = LogReader(attempt.spool)
    lines = [each._replace(text=COLOURS.sub("", each.text)) for each in reader.tail(FIRST_LINES)]
    api = f"/api/v1/runs/{run.pk}/log"
    return {
        "log": {
            "api_url": api,
            "socket_url": f"/ws/runs/{run.pk}/log",
            "text_url": reverse("admin:tasks_run_text", args=[run.pk])
            + f"?attempt={attempt.number}",
            "attempt": attempt.number,
            "is_live": not attempt.is_terminal,
            "has_failed": run.status in BAD,
            "started_at": attempt.started_at,
            "lines": lines,
            "total_lines": reader.facts().lines,
        },
        "errors": last_errors(reader) if run.status in BAD else [],
    }


def last_errors(reader: LogReader) -> list:
    """Return the last lines that look like errors, from the end of the log only."""
    near_end = max(reader.facts().lines - ERRORS_SOUGHT, 0) - 1
    numbers = reader.errors(near_end, ERRORS_SOUGHT)[-ERRORS_SHOWN:]
    return [each for number in numbers for each in reader.lines(number, 1)]


def details_section(run: Run, attempt: Attempt | None) -> dict:
    return {
        "params": sorted(run.params.items()),
        "snapshot": sorted(run.snapshot.items()),
        "charts": charts(run, attempt) if attempt else [],
    }


def charts(run: Run, attempt: Attempt) -> list[tuple[str, str]]:
    """Return titles and drawings of what the attempt used over time."""
    kept = usage.samples(attempt.spool)
    if len(kept) < 2:
        return []
    memory = [(each.at, each.rss_bytes) for each in kept]
    cpu = [
        (now.at, 100 * max(now.cpu_seconds - before.cpu_seconds, 0) / (now.at - before.at))
        for before, now in pairwise(kept)
        if now.at > before.at
    ]
    limit = run.snapshot.get("memory_limit_mb", 0) * 2**20
    peak = _("Memory, at most %(peak)s") % {"peak": size(max(value for _at, value in memory))}
    drawn = [(peak, line(memory, peak, size, length, limit))]
    if cpu:
        mean = sum(value for _at, value in cpu) / len(cpu)
        title = _("CPU, %(percent)s %% on average") % {"percent": round(mean)}
        drawn.append((title, line(cpu, title, lambda value: f"{round(value)} %", length)))
    return drawn


def environment_section(run: Run, _attempt) -> dict:
    return {"packages": run.build.packages if run.build else []}


def files_section(_run: Run, attempt: Attempt | None) -> dict:
    return {"files": artifacts.files(attempt) if attempt and not attempt.files_removed_at else []}


def events_section(run: Run, _attempt) -> dict:
    events = Event.objects.filter(run=run).order_by("pk")[:200]
    return {"events": [(event.at, eventwords.sentence(event)) for event in events]}


def compare_section(run: Run, _attempt) -> dict:
    other = comparing.last_success(run)
    return {
        "other": other,
        "differences": comparing.differences(run, other) if other else [],
    }


SECTIONS = {
    "log": log_section,
    "details": details_section,
    "environment": environment_section,
    "files": files_section,
    "events": events_section,
    "compare": compare_section,
}


def plain_text(run: Run, request) -> StreamingHttpResponse:
    """Stream the chosen attempt's log as plain text, for screen readers and without scripts."""
    attempt = chosen_attempt(run, request)
    chunks = LogReader(attempt.spool).raw() if attempt and not attempt.files_removed_at else []
    return stream(request, iter(chunks), "text/plain; charset=utf-8")
