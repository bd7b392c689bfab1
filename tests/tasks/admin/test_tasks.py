import pytest
from django.urls import reverse

from audit.models import AuditEntry
from tasks.models import Run, Task, Trigger
from tests.factories import (
    make_environment,
    make_project,
    make_task,
    make_trigger,
    make_user,
)

pytestmark = pytest.mark.django_db
LIST = "admin:tasks_task_changelist"


def form_of(task=None, triggers=(), **changes):
    """What the browser sends of the task's form."""
    fields = {
        "slug": "prices",
        "project": (task.project if task else make_project()).pk,
        "environment": (task.environment if task else make_environment()).pk,
        "command": "python spider.py",
        "is_enabled": "on",
        "retry_count": 0,
        "retry_delay": 60,
        "retry_backoff": 1,
        "retry_cap": 3600,
        "retry_jitter": 0,
        "retry_on": ["failed"],
        "timeout": 0,
        "silence_timeout": 0,
        "queue_timeout": 0,
        "stop_signal": "TERM",
        "grace": 10,
        "memory_limit_mb": 0,
        "log_limit_mb": 100,
        "breaker_limit": 0,
        "priority": 0,
        "overlap": "skip",
        "max_parallel": 1,
        "queue_limit": 100,
        "misfire": "once",
        "misfire_grace": 60,
        "triggers-TOTAL_FORMS": len(triggers),
        "triggers-INITIAL_FORMS": 0,
    }
    for number, trigger in enumerate(triggers):
        defaults = {"kind": "cron", "time_zone": "UTC", "result": "success", "jitter": 0}
        for name, value in (defaults | {"is_enabled": "on"} | trigger).items():
            fields[f"triggers-{number}-{name}"] = value
    return fields | changes


def add(page, **changes):
    return page.post(reverse("admin:tasks_task_add"), form_of(**changes))


def test_a_task_is_made_with_its_trigger_and_knows_its_next_fire(admin_page):
    add(admin_page, triggers=[{"cron": "30 2 * * *"}])
    trigger = Trigger.objects.get(task__slug="prices")
    assert (trigger.next_fire_at.hour, trigger.next_fire_at.minute) == (2, 30)
    assert AuditEntry.objects.filter(action="create", object_name="prices").exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("slug", "Prices of the day"),
        ("command", "python 'spider.py"),
        ("workdir", "../elsewhere"),
        ("params", "[{"),
        ("params", '[{"name": "1"}]'),
        ("retry_exit_codes", "one"),
        ("timeout", "-1"),
        ("timeout", "nan"),
        ("priority", "1000"),
    ],
)
def test_a_wrong_value_is_said_at_its_field_and_nothing_is_made(admin_page, field, value):
    page = add(admin_page, **{field: value})
    assert field in page.context["adminform"].form.errors
    assert not Task.objects.exists()


@pytest.mark.parametrize(
    ("trigger", "field"),
    [
        ({"cron": "61 * * * *"}, "cron"),
        ({"cron": "0 0 30 2 *"}, "cron"),
        ({"cron": ""}, "cron"),
        ({"cron": "0 0 * * *", "time_zone": "Mars/Base"}, "time_zone"),
        ({"kind": "interval", "every": "0.5"}, "every"),
        ({"kind": "date", "at": "2001-01-01T00:00:00"}, "at"),
        ({"kind": "date"}, "at"),
        ({"kind": "after"}, "upstream"),
    ],
)
def test_a_wrong_trigger_is_said_at_its_field(admin_page, trigger, field):
    page = add(admin_page, triggers=[trigger])
    assert page.status_code == 200
    formset = page.context["inline_admin_formsets"][0].formset
    assert field in formset.errors[0]
    assert not Task.objects.exists()


def test_a_date_is_meant_in_the_zone_of_its_trigger(admin_page):
    trigger = {"kind": "date", "at": "2031-06-01T08:00:00", "time_zone": "Asia/Shanghai"}
    add(admin_page, triggers=[trigger])
    assert Trigger.objects.get().at.isoformat() == "2031-06-01T00:00:00+00:00"


def test_the_preview_says_what_a_line_means_and_when_it_fires(admin_page):
    url = reverse("admin:tasks_task_preview")
    query = {"kind": "cron", "cron": "30 2 * * 1-5", "time_zone": "Europe/Berlin", "jitter": 0}
    text = admin_page.get(url, query | {"result": "success"}).content.decode()
    assert "At 02:30, Monday to Friday" in text
    assert text.count("<li>") == 6
    wrong = admin_page.get(url, query | {"cron": "1 2 3"}).content.decode()
    assert "five fields" in wrong


def test_the_list_shows_schedules_and_stays_within_its_queries(
    admin_page, django_assert_max_num_queries
):
    for _number in range(12):
        make_trigger(cron="0 6 * * *")
    with django_assert_max_num_queries(15):
        page = admin_page.get(reverse(LIST))
    assert page.content.decode().count("At 06:00") == 12


def test_the_page_of_a_task_stays_within_its_queries(admin_page, django_assert_max_num_queries):
    task = make_trigger().task
    with django_assert_max_num_queries(25):
        page = admin_page.get(reverse("admin:tasks_task_change", args=[task.pk]))
    assert b"k-heat" in page.content


def test_a_row_button_runs_the_task_and_shows_the_run(admin_page):
    task = make_task()
    answer = admin_page.post(reverse(LIST), {"_run": task.pk})
    run = Run.objects.get(task=task)
    assert answer.url == reverse("admin:tasks_run_change", args=[run.pk])
    assert run.origin == "page"


def test_a_task_that_needs_values_asks_for_them_first(admin_page):
    task = make_task(params=[{"name": "pages", "type": "integer", "required": True}])
    answer = admin_page.post(reverse(LIST), {"_run": task.pk})
    assert answer.url == reverse("admin:tasks_task_run", args=[task.pk])
    page = admin_page.post(answer.url, {"pages": ""})
    assert "pages" in page.context["form"].errors
    admin_page.post(answer.url, {"pages": "4"})
    assert Run.objects.get(task=task).params == {"pages": 4}


def test_a_paused_task_says_what_happens_meanwhile_and_goes_on(admin_page):
    task = make_task()
    admin_page.post(reverse(LIST), {"_pause": task.pk})
    task.refresh_from_db()
    assert task.paused_at
    page = admin_page.get(reverse("admin:tasks_task_change", args=[task.pk]))
    assert b"are not made up for" in page.content
    admin_page.post(reverse(LIST), {"_resume": task.pk})
    task.refresh_from_db()
    assert not task.paused_at


@pytest.mark.parametrize("button", ["_run", "_pause", "_resume"])
def test_a_viewer_presses_no_button(client, button):
    task = make_task()
    client.force_login(make_user("tasks.view_task"))
    assert client.post(reverse(LIST), {button: task.pk}).status_code == 403


def test_a_full_queue_is_said_on_the_page(admin_page):
    task = make_task(overlap="parallel", queue_limit=1)
    admin_page.post(reverse(LIST), {"_run": task.pk})
    page = admin_page.post(reverse(LIST), {"_run": task.pk}, follow=True)
    assert b"which is its limit" in page.content


def test_a_deleted_task_leaves_its_runs(admin_page):
    task = make_task(slug="old")
    admin_page.post(reverse(LIST), {"_run": task.pk})
    admin_page.post(reverse("admin:tasks_task_delete", args=[task.pk]), {"post": "yes"})
    run = Run.objects.get()
    assert run.task is None
    assert run.task_slug == "old"
    assert admin_page.get(reverse("admin:tasks_run_change", args=[run.pk])).status_code == 200


@pytest.mark.parametrize("query", ["standing=paused", "trigger=cron", "last=failed", "tag=prod"])
def test_the_list_is_filtered(admin_page, query):
    make_task(tags=["shop"])
    page = admin_page.get(f"{reverse(LIST)}?{query}")
    assert page.context["cl"].result_count == 0


def test_tasks_that_start_together_are_listed_with_a_spread(admin_page):
    for _number in range(3):
        make_trigger(cron="0 0 * * *")
    page = admin_page.get(reverse("admin:tasks_collisions")).content.decode()
    assert "3 tasks at" in page
    assert "00:02" in page
