"""What the pages of a task show beside the form."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from tasks import collisions, forecast, sentences, variables
from tasks.charts.heat import heat
from tasks.charts.strip import strip
from tasks.forms.runs import ParamsForm
from tasks.forms.triggers import TriggerForm
from tasks.models import Task, Trigger
from tasks.preview import Preview, preview
from tasks.triggers import BadTrigger
from tasks.triggerspecs import spec_of

TOGETHER = 3
WINDOW = timedelta(days=7)


def schedule(trigger: Trigger) -> str:
    """Return the trigger as a sentence."""
    if trigger.kind == Trigger.Kind.AFTER:
        return _("After %(task)s, when %(result)s") % {
            "task": trigger.upstream,
            "result": trigger.get_result_display(),
        }
    try:
        return sentences.sentence(spec_of(trigger))
    except BadTrigger as problem:
        return str(problem)


def standing(task: Task) -> tuple[str, str]:
    """Return a word for the pill's colour, and its label."""
    if not task.is_enabled:
        return "disabled", _("disabled")
    if task.paused_at:
        return "paused", _("paused")
    if task.project.paused_at:
        return "paused", _("project paused")
    return "enabled", _("enabled")


def needs_values(task: Task) -> bool:
    """Say whether a run cannot start without somebody filling in parameters."""
    return any(each.get("required") and each.get("default") is None for each in task.params)


def next_fire(task: Task):
    times = task.triggers.filter(is_enabled=True).values_list("next_fire_at", flat=True)
    return min((each for each in times if each), default=None)


def say_next_fire(page, request, before, now) -> None:
    if now is None or now == before:
        return
    shown = when(now)
    text = (
        _("Next fire %(now)s (was %(before)s).") % {"now": shown, "before": when(before)}
        if before
        else _("Next fire %(now)s.") % {"now": shown}
    )
    page.message_user(request, text)


def when(at) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S %Z}"


def extra_context(object_id) -> dict:
    task = (
        Task.objects.select_related("project").filter(pk=object_id).first()
        if (str(object_id).isdigit())
        else None
    )
    if task is None:
        return {}
    now = timezone.now()
    zone = timezone.get_current_timezone()
    days = [(timezone.localtime(now) + timedelta(days=each)).date() for each in range(7)]
    return {
        "task": task,
        "strip": strip(task.recent, 30),
        "standing": standing(task),
        "heat": heat(forecast.week(task, now, zone), days, _("Fires of the coming week by hour")),
        "effective": variables.effective(task),
        "runs": task.runs.order_by("-pk")[:5],
        "now_zone": zone,
    }


def run_page(page, request, task: Task):
    """Show the form of the parameters, or queue the run and show it."""
    form = ParamsForm(task, request.POST or None)
    asked = request.method == "POST"
    if asked and (form.is_valid() if task.params else True):
        run = page.try_run(request, task, params=form.values)
        if run:
            return redirect("admin:tasks_run_change", run.pk)
    context = page.admin_site.each_context(request) | {
        "title": _("Run %(task)s") % {"task": task},
        "task": task,
        "form": form,
        "opts": page.opts,
        "effective": variables.effective(task),
    }
    return TemplateResponse(request, "admin/tasks/task/run.html", context)


def preview_fragment(request):
    """Show what the trigger written in `?kind=&cron=...` means, or what is wrong with it."""
    form = TriggerForm(request.GET, instance=Trigger())
    if form.is_valid():
        # Somebody who is about to switch it on wants to know as well.
        form.instance.is_enabled = True
        shown = preview(form.instance)
    else:
        problems = [text for texts in form.errors.values() for text in texts]
        shown = Preview(problem=" ".join(problems))
    return TemplateResponse(request, "admin/tasks/task/_preview.html", {"preview": shown})


def collisions_context() -> dict:
    now = timezone.now()
    triggers = Trigger.objects.filter(
        is_enabled=True, task__is_enabled=True, task__paused_at=None
    ).select_related("task")
    named = []
    for trigger in triggers:
        try:
            if spec := spec_of(trigger):
                named.append((trigger.task, spec))
        except BadTrigger:
            continue
    zone = ZoneInfo(timezone.get_current_timezone_name())
    return {
        "title": _("Starts at the same time"),
        "collisions": collisions.collisions(named, now, now + WINDOW, TOGETHER),
        "zone": zone,
        "together": TOGETHER,
    }
