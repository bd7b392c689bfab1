import pytest

from audit.models import AuditEntry
from tasks.models import Variable
from tests import factories

pytestmark = pytest.mark.django_db

SECRET = "s3cr3t-of-the-shop"


def test_variables_of_every_scope_are_set_listed_and_deleted(admin_calls):
    task = factories.make_task()
    for scope in ("global", f"project:{task.project.slug}", f"task:{task.slug}"):
        body = {"scope": scope, "key": "SITE", "value": "例"}
        answer = admin_calls.put("/variables", body)
        assert (answer.status_code, answer.json()["scope"]) == (200, scope)
        assert admin_calls.put("/variables", body | {"value": "two"}).json()["value"] == "two"
        listed = admin_calls.get("/variables", scope=scope).json()["items"]
        assert [each["key"] for each in listed] == ["SITE"]
        assert admin_calls.delete("/variables", scope=scope, key="SITE").status_code == 204
        assert admin_calls.delete("/variables", scope=scope, key="SITE").status_code == 404
    assert not Variable.objects.exists()


def test_a_secret_is_in_no_answer_and_in_no_audit_entry(admin_calls):
    body = {"scope": "global", "key": "PASSWORD", "value": SECRET, "secret": True}
    answers = [admin_calls.put("/variables", body), admin_calls.get("/variables")]
    assert all(SECRET not in answer.text for answer in answers)
    assert answers[0].json()["value"] is None
    assert SECRET not in "".join(str(entry.changes) for entry in AuditEntry.objects.all())
    assert SECRET.encode() not in bytes(Variable.objects.get().sealed)


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"scope": "everywhere"}, "scope"),
        ({"scope": "project:nowhere"}, "scope"),
        ({"scope": "task:"}, "scope"),
        ({"scope": 1}, "scope"),
        ({"key": "1A"}, "key"),
        ({"key": "LD_PRELOAD"}, "key"),
        ({"key": "KUMO_HOME"}, "key"),
        ({"key": "K" * 201}, "key"),
        ({"value": 7}, "value"),
        ({"value": None}, "value"),
        ({"value": "x" * 200_000}, "value"),
        ({"value": "abc", "secret": True}, "value"),
        ({"secret": "yes"}, "secret"),
        ({"hidden": True}, "hidden"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(admin_calls, change, wrong):
    body = {"scope": "global", "key": "SITE", "value": "example"} | change
    answer = admin_calls.put("/variables", body)
    assert (answer.status_code, set(answer.json()["errors"])) == (422, {wrong})
    assert not Variable.objects.exists()
