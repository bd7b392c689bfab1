import pytest
from django.urls import reverse

from runner.logs.writer import LogWriter
from tasks import failures
from tasks.models import Run
from tests.factories import make_attempt, make_run, make_task, make_user

pytestmark = pytest.mark.django_db


def page_of(run, query=""):
    return reverse("admin:tasks_run_change", args=[run.pk]) + query


def write_log(attempt, text: bytes):
    attempt.spool.mkdir(parents=True)
    writer = LogWriter(attempt.spool, 10_000_000)
    writer.write(text)
    writer.close()


def make_ended(status="failed", **fields):
    run = make_run(status=status, reason="exit", exit_code=3, **fields)
    attempt = make_attempt(run, status=status, reason="exit", exit_code=3)
    return run, attempt


def test_the_list_shows_runs_with_their_reasons(admin_page):
    make_ended()
    page = admin_page.get(reverse("admin:tasks_run_changelist"))
    assert b"Exit code 3." in page.content


def test_the_list_asks_no_more_queries_for_more_runs(admin_page, django_assert_max_num_queries):
    task = make_task()
    for _number in range(30):
        make_run(task)
    with django_assert_max_num_queries(15):
        admin_page.get(reverse("admin:tasks_run_changelist"))


@pytest.mark.parametrize("tab", ["log", "details", "environment", "files", "events", "compare"])
def test_each_part_of_a_run_page_opens(admin_page, tab):
    run, attempt = make_ended()
    write_log(attempt, b"first\nValueError: no\n")
    answer = admin_page.get(page_of(run, f"?tab={tab}"))
    assert answer.status_code == 200
    assert b"Exit code 3." in answer.content


def test_a_run_page_stays_within_its_queries(admin_page, django_assert_max_num_queries):
    run, attempt = make_ended()
    write_log(attempt, b"x\n")
    with django_assert_max_num_queries(15):
        admin_page.get(page_of(run))


def test_a_log_is_never_html(admin_page):
    run, attempt = make_ended()
    write_log(attempt, b"<script>alert(1)</script>\n")
    content = admin_page.get(page_of(run)).content
    assert b"<script>alert" not in content
    assert b"&lt;script&gt;alert" in content


def test_the_page_names_the_last_errors_of_a_failed_run(admin_page):
    run, attempt = make_ended()
    write_log(attempt, b"fine\nValueError: price is missing\nbye\n")
    content = admin_page.get(page_of(run)).content.decode()
    assert '<a href="#L2">2</a> <code>ValueError: price is missing</code>' in content


def test_the_plain_text_is_what_was_printed(admin_page):
    run, attempt = make_ended()
    write_log(attempt, "首页\n".encode())
    answer = admin_page.get(reverse("admin:tasks_run_text", args=[run.pk]))
    assert answer["Content-Type"].startswith("text/plain")
    assert b"".join(answer.streaming_content).decode() == "首页\n"


def test_a_queued_run_says_why_it_waits_and_is_canceled_by_stop(admin_page):
    run = make_run()
    assert b"Place 1 in the queue." in admin_page.get(page_of(run)).content
    admin_page.post(reverse("admin:tasks_run_stop", args=[run.pk]))
    run.refresh_from_db()
    assert (run.status, run.reason) == ("canceled", "stop")


def test_stop_asks_for_the_end_of_a_running_run_and_then_at_once(admin_page):
    run = make_run(status="running")
    stop = reverse("admin:tasks_run_stop", args=[run.pk])
    admin_page.post(stop)
    run.refresh_from_db()
    assert run.stop_requested_at
    assert not run.stop_at_once
    admin_page.post(stop)
    run.refresh_from_db()
    assert run.stop_at_once


def test_run_again_queues_a_run_with_the_same_parameters(admin_page):
    task = make_task(params=[{"name": "pages", "type": "integer"}])
    run = make_run(task, status="succeeded", params={"pages": 3})
    answer = admin_page.post(reverse("admin:tasks_run_again", args=[run.pk]))
    again = Run.objects.get(rerun_of=run)
    assert answer.url == page_of(again)
    assert again.params == {"pages": 3}


def test_run_again_with_changes_checks_them_at_their_field(admin_page):
    task = make_task(params=[{"name": "pages", "type": "integer"}])
    run = make_run(task, status="succeeded", params={"pages": 3})
    url = reverse("admin:tasks_run_change_and_run", args=[run.pk])
    wrong = admin_page.post(url, {"pages": "many"})
    assert "pages" in wrong.context["form"].errors
    admin_page.post(url, {"pages": "7"})
    assert Run.objects.get(rerun_of=run).params == {"pages": 7}


def test_a_pinned_run_is_let_go_again(admin_page):
    run = make_run(status="succeeded")
    for expected in (True, False):
        admin_page.post(reverse("admin:tasks_run_pin", args=[run.pk]))
        run.refresh_from_db()
        assert run.is_pinned is expected


@pytest.mark.parametrize("button", ["stop", "again", "pin"])
def test_a_viewer_presses_no_button(client, button):
    run = make_run()
    client.force_login(make_user("tasks.view_run"))
    answer = client.post(reverse(f"admin:tasks_run_{button}", args=[run.pk]))
    assert answer.status_code == 403


def test_a_file_is_downloaded_and_never_opened_as_a_page(admin_page):
    run, attempt = make_ended()
    (attempt.spool / "output").mkdir(parents=True)
    (attempt.spool / "output" / "page.html").write_text("<script>1</script>")
    answer = admin_page.get(reverse("admin:tasks_run_file", args=[run.pk, "page.html"]) + "?view=1")
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["../outcome.json", "link", "missing", "a/../../lock"])
def test_no_name_leads_out_of_the_files_of_a_run(admin_page, name):
    run, attempt = make_ended()
    output = attempt.spool / "output"
    output.mkdir(parents=True)
    (attempt.spool / "outcome.json").write_text("{}")
    (output / "link").symlink_to("/etc/hostname")
    url = reverse("admin:tasks_run_file", args=[run.pk, "x"]).removesuffix("x") + name
    assert admin_page.get(url).status_code in (301, 302, 404)


def test_a_bulk_stop_stops_all_that_are_chosen(admin_page):
    runs = [make_run(), make_run()]
    chosen = {"action": "stop_runs", "_selected_action": [run.pk for run in runs]}
    admin_page.post(reverse("admin:tasks_run_changelist"), chosen)
    assert {run.status for run in Run.objects.all()} == {"canceled"}


def test_a_missing_module_offers_its_package(admin_page):
    run, attempt = make_ended()
    write_log(
        attempt, b"Traceback (most recent call last):\nModuleNotFoundError: No module named 'bs4'\n"
    )
    failures.note(attempt)
    content = admin_page.get(page_of(run)).content.decode()
    assert "<code>beautifulsoup4</code>" in content
    assert reverse("admin:envs_environment_change", args=[run.task.environment_id]) in content
