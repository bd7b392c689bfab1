import pytest
from django.urls import reverse
from django.utils import timezone

from tasks.models import Maintenance, Run, RunDay
from tests.factories import make_admin, make_node, make_run, make_task, make_trigger, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin_page(client, db):
    client.force_login(make_admin())
    return client


def test_a_new_kumo_offers_the_demo(admin_page):
    assert b"Run the demo spider" in admin_page.get(reverse("admin:index")).content


def test_the_figures_come_from_the_days(admin_page):
    task = make_task()
    make_run(task, status="succeeded")
    for status, count in (("succeeded", 9), ("failed", 1)):
        RunDay.objects.create(
            task=task, project=task.project, day=timezone.now().date(), status=status, count=count
        )
    figures = admin_page.get(reverse("admin:index")).context["figures"]
    assert [figure["value"] for figure in figures[:2]] == ["10", "90.0 %"]


def test_a_busy_dashboard_stays_within_its_queries(admin_page, django_assert_max_num_queries):
    for _number in range(10):
        make_run(make_trigger(next_fire_at=timezone.now()).task, status="running")
        make_node()
    with django_assert_max_num_queries(17):
        page = admin_page.get(reverse("admin:index"))
    assert len(page.context["running"]) == 8


@pytest.mark.parametrize("name", ["running", "upcoming", "recent", "figures", "nodes"])
def test_each_card_is_to_be_had_alone(admin_page, name):
    answer = admin_page.get(reverse("admin:fragment", args=[name]))
    assert answer.status_code == 200
    assert b"<html" not in answer.content


@pytest.mark.parametrize(
    "query", ["days=30", "days=x", "project=1", "project=-1", "project=9" * 30]
)
def test_odd_filters_do_not_break_the_dashboard(admin_page, query):
    assert admin_page.get(f"{reverse('admin:index')}?{query}").status_code == 200


@pytest.mark.parametrize("span", ["1h", "6h", "24h", "7d", "x"])
def test_the_timeline_draws_each_span(admin_page, span):
    run = make_run(status="running")
    page = admin_page.get(f"{reverse('admin:tasks_timeline')}?span={span}")
    assert run.task_slug.encode() in page.content


def test_maintenance_is_begun_and_ended_by_those_who_may(admin_page, client):
    url = reverse("admin:tasks_maintenance")
    admin_page.post(url, {"begin": "1", "note": "new disk"})
    assert Maintenance.is_on()
    assert b"new disk" in admin_page.get(url).content
    admin_page.post(url, {"end": "1"})
    assert not Maintenance.is_on()
    client.force_login(make_user("tasks.view_run"))
    assert client.post(url, {"begin": "1"}).status_code == 403


def test_somebody_without_rights_sees_no_figures(client):
    client.force_login(make_user())
    page = client.get(reverse("admin:index"))
    assert page.status_code == 200
    assert "figures" not in page.context


def test_the_demo_runs_with_one_click(admin_page):
    answer = admin_page.post(reverse("admin:start_demo"))
    run = Run.objects.get()
    assert answer.url == reverse("admin:tasks_run_change", args=[run.pk])
    assert run.task.command == "python crawl.py"
