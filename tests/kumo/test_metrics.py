import pytest

from audit.models import ApiToken
from tasks.models import RunDay
from tests.factories import make_node, make_run, make_task, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def headers():
    _token, text = ApiToken.objects.issue(make_user("tasks.view_run"), "prometheus", "read")
    return {"Authorization": f"Bearer {text}"}


def test_prometheus_reads_runs_and_nodes(client, headers):
    make_node(slug="big", slots=7, figures={"cpu_percent": 12.5})
    make_run(status="running")
    task = make_task()
    RunDay.objects.create(
        task=task, day="2026-11-28", status="failed", count=3, project=task.project
    )
    lines = client.get("/metrics", headers=headers).content.decode().splitlines()
    assert 'kumo_runs_active{status="running"} 1.0' in lines
    assert 'kumo_runs_ended_total{status="failed"} 3.0' in lines
    assert 'kumo_node_slots{node="big"} 7.0' in lines
    assert 'kumo_node_cpu_percent{node="big"} 12.5' in lines


@pytest.mark.parametrize("value", ["", "Bearer x", "Basic x"])
def test_nobody_reads_them_without_a_token(client, value):
    answer = client.get("/metrics", headers={"Authorization": value})
    assert answer.status_code == 401
    assert b"kumo_" not in answer.content
