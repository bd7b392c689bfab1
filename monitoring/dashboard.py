"""What the dashboard shows, from counts by day, rings and the few rows that are active."""

from collections import Counter
from datetime import date, timedelta

from django.db.models import Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nodes.models import Node
from tasks import failures, sentences
from tasks.charts.bars import share, stacked
from tasks.charts.strip import BAD, strip
from tasks.lengths import length
from tasks.models import Run, RunDay, Task, Trigger
from tasks.reasons import explain
from tasks.triggers import BadTrigger
from tasks.triggerspecs import spec_of
from tasks.waiting import usual_duration

RANGES = (7, 14, 30)
SHOWN = 8
SERIES = (
    Run.Status.SUCCEEDED,
    Run.Status.CANCELED,
    Run.Status.TIMED_OUT,
    Run.Status.LOST,
    Run.Status.FAILED,
)


def context(request) -> dict:
    days = chosen_range(request)
    project = chosen_project(request)
    counts = counts_by_day(days, project)
    return {
        "figures": figures(counts, project),
        "trend": trend(counts, days),
        "ranges": [(each, each == days) for each in RANGES],
        "running": running(project),
        "upcoming": upcoming(project),
        "recent": recent(project),
        "runs_url": reverse("admin:tasks_run_changelist"),
        "history": history(project),
        "failures": failure_reasons(days, project),
        "nodes": nodes(),
    }


def chosen_range(request) -> int:
    text = request.GET.get("days", "")
    return int(text) if text in map(str, RANGES) else RANGES[0]


def chosen_project(request) -> int | None:
    text = request.GET.get("project", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def of_project(queryset, project: int | None, field: str = "project"):
    return queryset.filter(**{field: project}) if project else queryset


def counts_by_day(days: int, project: int | None) -> dict[date, Counter]:
    """Return the ended runs of the last `days` days by status; days without runs are there too."""
    today = timezone.now().date()
    first = today - timedelta(days=max(days, RANGES[0]) - 1)
    rows = of_project(RunDay.objects.filter(day__gte=first), project)
    found = {first + timedelta(days=each): Counter() for each in range((today - first).days + 1)}
    for day, status, count in rows.values_list("day", "status").annotate(Sum("count")):
        if day in found:
            found[day][status] += count
    return found


def success_rate(counts: Counter) -> float | None:
    """Return the share of successes of 100 among what succeeded or failed, or None without any."""
    good, bad = counts[Run.Status.SUCCEEDED], sum(counts[status] for status in BAD)
    return 100 * good / (good + bad) if good + bad else None


def figures(counts: dict, project: int | None) -> list[dict]:
    today = timezone.now().date()
    week = sum((counts[day] for day in counts if (today - day).days < 7), Counter())
    now, before = counts[today], counts[today - timedelta(days=1)]
    rate = success_rate(week)
    active = of_project(Run.objects.active(), project).values_list("status", flat=True)
    active = Counter(active)
    waiting = active[Run.Status.QUEUED] + active[Run.Status.RETRY_WAIT]
    all_nodes = list(Node.objects.all())
    online = sum(not node.is_silent() for node in all_nodes)
    tasks = of_project(Task.objects, project).count()
    runs = reverse("admin:tasks_run_changelist")
    return [
        {
            "title": _("Runs today"),
            "value": number_format(now.total()),
            "note": _("%(count)s yesterday") % {"count": number_format(before.total())},
            "url": f"{runs}?period=24h",
        },
        {
            "title": _("Success in 7 days"),
            "value": "–" if rate is None else f"{number_format(rate, 1)} %",
            "note": ngettext("%(count)s failed", "%(count)s failed", failed(week))
            % {"count": failed(week)},
            "tone": "bad" if rate is not None and rate < 90 else "good",
            "url": f"{runs}?status__exact=failed",
        },
        {
            "title": _("Running"),
            "value": active[Run.Status.RUNNING],
            "of": sum(node.slots for node in all_nodes),
            "note": ngettext("%(count)s waits", "%(count)s wait", waiting) % {"count": waiting},
            "url": f"{runs}?status__exact=running",
        },
        {
            "title": _("Nodes online"),
            "value": online,
            "of": len(all_nodes),
            "note": ngettext("%(count)s task", "%(count)s tasks", tasks) % {"count": tasks},
            "tone": "bad" if online < len(all_nodes) else "good",
            "url": reverse("admin:nodes_node_changelist"),
        },
    ]


def failed(counts: Counter) -> int:
    return sum(counts[status] for status in BAD)


def trend(counts: dict, days: int) -> dict:
    shown = sorted(counts)[-days:]
    runs = reverse("admin:tasks_run_changelist")
    columns = [
        {
            "label": date_format(day, "m-d") if place % (1 + days // 10) == 0 else "",
            "title": f"{date_format(day, 'Y-m-d')}: "
            + ", ".join(f"{Run.Status(each).label} {counts[day][each]}" for each in SERIES),
            "url": f"{runs}?finished_at__date={day.isoformat()}",
            "counts": counts[day],
        }
        for place, day in enumerate(shown)
    ]
    return {
        "chart": stacked(columns, list(SERIES)),
        "legend": [(each, Run.Status(each).label) for each in SERIES],
        "rows": [(day, [counts[day][each] for each in SERIES]) for day in shown],
    }


def failure_reasons(days: int, project: int | None) -> list[dict]:
    """Return the five most frequent reasons with a bar each, relative to the first."""
    today = timezone.now().date()
    rows = failures.top(today - timedelta(days=days - 1), today, project)
    runs = reverse("admin:tasks_run_changelist")
    return [
        row
        | {
            "url": f"{runs}?failure__id__exact={row['id']}",
            "bar": share(100 * row["count"] / rows[0]["count"], str(row["count"]), 0, 0),
            "is_new": row["first_seen"].date() == today,
        }
        for row in rows
    ]


def running(project: int | None) -> list[dict]:
    active = of_project(Run.objects.filter(status=Run.Status.RUNNING), project)
    now = timezone.now()
    return [running_row(run, now) for run in active.select_related("task", "node")[:SHOWN]]


def running_row(run: Run, now) -> dict:
    elapsed = (now - run.started_at).total_seconds()
    usual = usual_duration(run.task) if run.task else None
    percent = 100 * elapsed / usual if usual else None
    label = _("%(percent)s %% of the usual duration") % {"percent": round(percent or 0)}
    return {
        "task": run.task or run.task_slug,
        "run": run.pk,
        "run_url": reverse("admin:tasks_run_change", args=[run.pk]),
        "status": run.status,
        "label": run.get_status_display(),
        "progress": share(percent, label, warm=100, hot=200) if percent is not None else "",
        "started_at": run.started_at,
        "elapsed": length(elapsed),
        "node": run.node,
    }


def upcoming(project: int | None) -> list[dict]:
    triggers = Trigger.objects.filter(
        is_enabled=True, next_fire_at__isnull=False, task__is_enabled=True, task__paused_at=None
    ).select_related("task")
    triggers = of_project(triggers, project, "task__project")
    return [
        {
            "task": trigger.task,
            "task_url": reverse("admin:tasks_task_change", args=[trigger.task_id]),
            "schedule": schedule(trigger),
            "at": trigger.next_fire_at,
        }
        for trigger in triggers.order_by("next_fire_at")[:SHOWN]
    ]


def schedule(trigger: Trigger) -> str:
    try:
        return sentences.sentence(spec_of(trigger))
    except BadTrigger:
        return trigger.cron


def recent(project: int | None) -> list[dict]:
    ended = of_project(Run.objects.exclude(finished_at=None), project).select_related("task")
    return [
        {
            "task": run.task or run.task_slug,
            "run": run.pk,
            "run_url": reverse("admin:tasks_run_change", args=[run.pk]),
            "status": run.status,
            "label": run.get_status_display(),
            "reason": explain(run) if run.status != Run.Status.SUCCEEDED else "",
            "duration": length(run.duration),
            "finished_at": run.finished_at,
        }
        for run in ended.order_by("-pk")[:SHOWN]
    ]


def history(project: int | None) -> list[dict]:
    """Return the strips of the tasks that ran last, the worst first."""
    tasks = of_project(Task.objects.exclude(last_run_at=None), project).order_by("-last_run_at")
    rows = [(share_of_successes(task.recent), task) for task in tasks[:50]]
    rows.sort(key=lambda row: row[0])
    return [
        {
            "task": task,
            "url": reverse("admin:tasks_task_change", args=[task.pk]),
            "strip": strip(task.recent),
            "percent": round(100 * part),
        }
        for part, task in rows[:SHOWN]
    ]


def share_of_successes(ring: list) -> float:
    ended = [each[1] for each in ring[-20:] if each[1] in BAD or each[1] == Run.Status.SUCCEEDED]
    return ended.count(Run.Status.SUCCEEDED) / len(ended) if ended else 1.0


def nodes() -> list[dict]:
    used = Counter(Run.objects.filter(status=Run.Status.RUNNING).values_list("node_id", flat=True))
    return [node_row(node, used[node.pk]) for node in Node.objects.all()[:20]]


def node_row(node: Node, used: int) -> dict:
    silent = node.is_silent()
    bars = node.figures if not silent else {}
    return {
        "name": node,
        "url": reverse("admin:nodes_node_change", args=[node.pk]),
        "status": "offline" if silent else "online" if node.is_accepting else "draining",
        "label": _("offline") if silent else _("online") if node.is_accepting else _("draining"),
        "used": used,
        "slots": node.slots,
        "bars": [
            bar(_("CPU"), bars.get("cpu_percent"), 100),
            bar(_("Memory"), bars.get("memory_bytes"), bars.get("memory_total_bytes")),
            bar(_("Disk"), bars.get("disk_bytes"), bars.get("disk_total_bytes")),
        ],
    }


def bar(title: str, value, most) -> dict:
    if value is None or not most:
        return {"title": title, "text": "–", "drawing": ""}
    percent = 100 * value / most
    text = f"{round(percent)} %"
    return {"title": title, "text": text, "drawing": share(percent, f"{title} {text}")}
