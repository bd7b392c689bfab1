import sys

import pytest
import yaml
from django.core.management import CommandError, call_command

from envs.models import Build
from tasks.models import Project, Task, Trigger
from tasks.variables import set_variable
from tests.factories import make_environment, make_group, make_task, make_trigger

pytestmark = pytest.mark.django_db(transaction=True)
WHOLE = """
projects:
  - slug: shop
    title: 商店
    files:
      crawl.py: |
        print("hello")
environments:
  - slug: plain
    kind: system
    python: {python}
groups:
  - slug: site
    max_parallel: 2
tasks:
  - slug: second
    project: shop
    environment: plain
    command: python crawl.py
    triggers:
      - kind: after
        after: first
  - slug: first
    project: shop
    environment: plain
    command: [python, crawl.py, "two words"]
    timeout: 60
    groups: [site]
    triggers:
      - kind: cron
        cron: 30 2 * * *
        time_zone: Asia/Shanghai
"""


@pytest.fixture
def declare(tmp_path):
    """Write a file with this text; return its path."""

    def write(text: str) -> str:
        path = tmp_path / "kumo.yaml"
        path.write_text(text.replace("{python}", sys.executable))
        return str(path)

    return write


def applied(capsys, *words) -> list[str]:
    call_command("applytasks", *words)
    return capsys.readouterr().out.splitlines()


def test_all_that_is_declared_is_made_and_again_changes_nothing(declare, capsys):
    path = declare(WHOLE)
    lines = applied(capsys, path)
    assert "+ tasks.first.timeout: 60.0" in lines
    first, second = Task.objects.get(slug="first"), Task.objects.get(slug="second")
    assert first.command == "python crawl.py 'two words'"
    assert first.triggers.get().next_fire_at
    assert second.triggers.get().upstream == first
    assert Project.objects.get().current_revision.file_count == 1
    assert Build.objects.count() == 1
    triggers = set(Trigger.objects.values_list("pk", flat=True))
    assert applied(capsys, path) == ["Everything is as declared."]
    assert set(Trigger.objects.values_list("pk", flat=True)) == triggers


def test_a_dry_run_prints_the_difference_and_changes_nothing(declare, capsys):
    applied(capsys, declare(WHOLE))
    changed = declare(WHOLE.replace("timeout: 60", "timeout: 90").replace("hello", "hi"))
    lines = applied(capsys, changed, "--dry-run")
    assert lines == ["~ tasks.first.timeout: 60.0 -> 90.0", "~ projects.shop: files"]
    assert Task.objects.get(slug="first").timeout == 60
    assert Project.objects.get().revisions.count() == 1
    applied(capsys, changed)
    assert Task.objects.get(slug="first").timeout == 90
    assert Project.objects.get().current_revision.number == 2


def test_a_dry_run_on_an_empty_kumo_makes_nothing(declare, capsys):
    applied(capsys, declare(WHOLE), "--dry-run")
    assert not Project.objects.exists()
    assert not Task.objects.exists()


def test_what_was_exported_is_what_is_there(declare, capsys):
    applied(capsys, declare(WHOLE))
    set_variable("TOKEN", "s3cret-value", is_secret=True)
    call_command("exporttasks")
    text = capsys.readouterr().out
    assert "s3cret-value" not in text
    assert "商店" in text
    assert applied(capsys, declare(text)) == ["Everything is as declared."]


def test_every_kind_of_trigger_and_limit_goes_out_and_in(declare, capsys):
    task = make_task(
        priority=5, retry_count=3, tags=["prod"], groups=[make_group()], is_enabled=False
    )
    make_trigger(task, kind="interval", every=90, jitter=5)
    make_trigger(task, kind="date")
    make_trigger(task, kind="after", upstream=make_task(environment=make_environment()))
    call_command("exporttasks")
    text = capsys.readouterr().out
    assert len(yaml.safe_load(text)["tasks"]) == 2
    assert applied(capsys, declare(text), "--dry-run") == ["Everything is as declared."]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("tasks: [{slug: a}]", "tasks.0.project"),
        ("tasks: 5", "tasks"),
        ("taks: []", "taks"),
        ("{", "not YAML"),
        ("- 1", "kumo.yaml"),
        ("tasks:\n- {slug: a, project: b, environment: c, command: x}", "tasks.a.project"),
        (WHOLE.replace("30 2 * * *", "61 * * * *"), "tasks.first.triggers.0.cron"),
        (WHOLE.replace("timeout: 60", "timeout: .nan"), "timeout"),
        (WHOLE.replace("slug: second", "slug: first"), "tasks: first"),
        (WHOLE.replace("crawl.py: |", "../crawl.py: |"), "projects.shop"),
        ("a: !!python/object/apply:os.system ['true']", "not YAML"),
    ],
)
def test_what_is_wrong_is_said_with_its_place_and_no_task_is_made(declare, text, place):
    with pytest.raises(CommandError) as wrong:
        call_command("applytasks", declare(text))
    assert place in str(wrong.value)
    assert not Task.objects.exists()
