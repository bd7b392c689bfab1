import pytest
from django.urls import reverse

from audit.models import AuditEntry
from tasks.models import Variable
from tasks.variables import for_run, set_variable
from tests.factories import make_admin, make_project, make_task, make_user

pytestmark = pytest.mark.django_db
SECRET = "correct-horse-battery"
LIST = reverse("admin:tasks_variable_changelist")
ADD = reverse("admin:tasks_variable_add")
PASTE = reverse("admin:tasks_variable_paste")


@pytest.fixture
def admin(client):
    client.force_login(make_admin())
    return client


def change(variable):
    return reverse("admin:tasks_variable_change", args=[variable.pk])


def test_a_variable_is_added_and_listed(admin):
    project = make_project()
    form = {"key": "SITE", "value": "https://example.com\r\nx", "project": project.pk}
    assert admin.post(ADD, form).status_code == 302

    variable = Variable.objects.get()
    assert (variable.project, variable.value) == (project, "https://example.com\nx")
    assert "https://example.com" in admin.get(LIST).text


def test_a_secret_is_never_shown_again(admin):
    task = make_task()
    admin.post(ADD, {"key": "TOKEN", "value": SECRET, "is_secret": "on", "task": task.pk})
    secret = Variable.objects.get()
    pages = [
        LIST,
        f"{LIST}?level=task",
        change(secret),
        reverse("admin:tasks_variable_history", args=[secret.pk]),
        reverse("admin:tasks_variable_delete", args=[secret.pk]),
        reverse("admin:tasks_task_change", args=[task.pk]),
        reverse("admin:audit_auditentry_changelist"),
    ]

    for page in pages:
        answer = admin.get(page)
        assert answer.status_code == 200, page
        assert SECRET not in answer.text, page
    assert SECRET not in str(list(AuditEntry.objects.values()))
    assert for_run(task) == ({"TOKEN": SECRET}, [SECRET])


def test_a_secret_that_was_refused_is_not_given_back(admin):
    answer = admin.post(ADD, {"key": "BAD NAME", "value": SECRET, "is_secret": "on"})

    assert answer.status_code == 200
    assert SECRET not in answer.text
    assert not Variable.objects.exists()


def test_a_secret_left_empty_stays_as_it_is(admin):
    task = make_task()
    secret = set_variable("TOKEN", SECRET, is_secret=True, task=task)
    assert admin.post(change(secret), {"value": "", "is_secret": "on"}).status_code == 302

    assert for_run(task)[0] == {"TOKEN": SECRET}
    admin.post(change(secret), {"value": "another-one", "is_secret": "on"})
    assert for_run(task)[0] == {"TOKEN": "another-one"}


def test_a_secret_is_opened_only_by_a_new_value(admin):
    secret = set_variable("TOKEN", SECRET, is_secret=True)
    answer = admin.post(change(secret), {"value": ""})
    assert answer.status_code == 200
    assert SECRET not in answer.text

    assert admin.post(change(secret), {"value": "plain"}).status_code == 302
    assert Variable.objects.get().value == "plain"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"key": "KUMO_X", "value": "1"}, "key"),
        ({"key": "TOKEN", "value": "abc", "is_secret": "on"}, "value"),
        ({"key": "", "value": "1"}, "key"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(admin, fields, field):
    answer = admin.post(ADD, fields)

    assert list(answer.context["adminform"].form.errors) == [field]


def test_it_belongs_to_one_only(admin):
    task = make_task()
    fields = {"key": "A", "value": "1", "task": task.pk, "project": task.project.pk}
    answer = admin.post(ADD, fields)

    assert list(answer.context["adminform"].form.errors) == ["task"]


def test_a_name_is_there_once_a_level(admin):
    set_variable("A", "1")

    assert admin.post(ADD, {"key": "A", "value": "2"}).status_code == 200
    assert Variable.objects.get().value == "1"


def test_a_secret_of_another_key_is_said_to_be_unreadable(admin, settings):
    secret = set_variable("TOKEN", SECRET, is_secret=True)
    settings.KUMO_FIELD_KEY = "another key of more than thirty-two characters"

    assert "cannot be read" in admin.get(change(secret)).text


def test_a_dotenv_text_is_pasted(admin):
    task = make_task()
    fields = {"text": f"SITE=x\nAPI_KEY={SECRET}\n", "task": task.pk}
    assert admin.post(PASTE, fields).status_code == 302

    assert for_run(task) == ({"API_KEY": SECRET, "SITE": "x"}, [SECRET])


def test_a_pasted_text_with_mistakes_sets_nothing(admin):
    answer = admin.post(PASTE, {"text": "GOOD=1\nPATH=/x"})

    assert answer.context["form"].errors["text"]
    assert not Variable.objects.exists()


def test_pages_want_their_permissions(client):
    client.force_login(make_user("tasks.view_variable"))

    assert client.get(LIST).status_code == 200
    assert client.get(ADD).status_code == 403
    assert client.post(PASTE, {"text": "A=1"}).status_code == 403


def test_deleting_one_is_recorded(admin):
    secret = set_variable("TOKEN", SECRET, is_secret=True)
    admin.post(reverse("admin:tasks_variable_delete", args=[secret.pk]), {"post": "yes"})

    assert not Variable.objects.exists()
    assert AuditEntry.objects.filter(action="delete", object_name="TOKEN").count() == 1
