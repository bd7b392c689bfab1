from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from audit.models import ApiToken, AuditEntry, User
from nodes.models import Node
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin_client(client):
    client.force_login(factories.make_admin(username="root"))
    return client


def last():
    return AuditEntry.objects.order_by("-pk").first()


def user_form(user, **changes):
    fields = {
        "username": user.username,
        "is_active": "on",
        "is_staff": "on",
        "last_login_0": "",
        "last_login_1": "",
        "date_joined_0": user.date_joined.strftime("%Y-%m-%d"),
        "date_joined_1": user.date_joined.strftime("%H:%M:%S"),
    }
    return fields | changes


def test_a_change_is_recorded_before_and_after(admin_client):
    user = factories.make_user(username="mei", first_name="Mei")
    url = reverse("admin:audit_user_change", args=[user.pk])
    form = user_form(user, first_name="Li", time_zone="Asia/Shanghai")
    assert admin_client.post(url, form).status_code == 302
    entry = last()
    assert (entry.user_name, entry.action, entry.object_name) == ("root", "change", "mei")
    assert entry.changes["first_name"] == ["Mei", "Li"]
    assert entry.changes["time_zone"] == ["", "Asia/Shanghai"]
    assert "username" not in entry.changes


def test_roles_that_are_given_are_recorded_by_name(admin_client):
    user = factories.make_user(username="mei")
    group = Group.objects.get(name="operator")
    url = reverse("admin:audit_user_change", args=[user.pk])
    admin_client.post(url, user_form(user, groups=[group.pk]))
    assert last().changes["groups"] == [[], ["operator"]]


def test_a_creation_is_recorded_without_the_password(admin_client):
    url = reverse("admin:audit_user_add")
    form = {"username": "li", "usable_password": "true"}
    form |= dict.fromkeys(("password1", "password2"), "a long pass phrase 7")
    assert admin_client.post(url, form).status_code == 302
    created = AuditEntry.objects.get(action="create")
    assert created.object_name == "li"
    assert "a long pass phrase 7" not in str(created.changes)
    assert "pbkdf2" not in str(created.changes)
    assert "md5" not in str(created.changes)


def test_deletions_are_recorded_one_by_one(admin_client):
    users = [factories.make_user(username=name) for name in ("one", "two")]
    form = {
        "action": "delete_selected",
        "_selected_action": [user.pk for user in users],
        "post": "yes",
    }
    admin_client.post(reverse("admin:audit_user_changelist"), form)
    assert not User.objects.filter(username__in=["one", "two"]).exists()
    entries = AuditEntry.objects.filter(action="delete")
    assert {entry.object_name for entry in entries} == {"one", "two"}
    assert entries[0].changes["username"][1] is None


def test_a_node_is_audited_as_every_page_is(admin_client):
    node = Node.objects.get(pk=factories.make_node(slug="here-1", slots=2).pk)
    url = reverse("admin:nodes_node_delete", args=[node.pk])
    admin_client.post(url, {"post": "yes"})
    assert (last().action, last().object_type) == ("delete", "nodes.node")


def test_a_token_is_shown_once(client):
    user = factories.make_user()
    client.force_login(user)
    form = {"name": "ci", "scope": "run", "expires_at_0": "", "expires_at_1": ""}
    answer = client.post(reverse("admin:audit_apitoken_add"), form)
    token = ApiToken.objects.get()
    assert (token.user, token.scope) == (user, "run")
    text = answer.context["text"]
    assert text in answer.text
    assert ApiToken.objects.find(text) == token
    assert "no-store" in answer["Cache-Control"]
    assert text not in client.get(reverse("admin:audit_apitoken_changelist")).text
    assert text not in str(last().changes)


def test_nobody_sees_or_revokes_the_tokens_of_others(client):
    foreign, _text = ApiToken.objects.issue(factories.make_user(), "foreign-token", "read")
    client.force_login(factories.make_user())
    url = reverse("admin:audit_apitoken_changelist")
    assert "foreign-token" not in client.get(url).text
    client.post(url, {"action": "revoke", "_selected_action": [foreign.pk]})
    foreign.refresh_from_db()
    assert foreign.revoked_at is None


def test_the_own_token_is_revoked(client):
    user = factories.make_user()
    token, _text = ApiToken.objects.issue(user, "mine", "read")
    client.force_login(user)
    url = reverse("admin:audit_apitoken_changelist")
    client.post(url, {"action": "revoke", "_selected_action": [token.pk]})
    token.refresh_from_db()
    assert token.revoked_at is not None
    assert last().action == "revoke"


def test_the_log_is_read_filtered_and_exported_but_never_changed(admin_client):
    factories.make_user()
    entry = AuditEntry.objects.create(
        at=timezone.now() - timedelta(hours=1),
        source="page",
        action="change",
        object_name="=cmd()",
        changes={"slots": [1, 2]},
    )
    url = reverse("admin:audit_auditentry_changelist")
    assert "=cmd()" in admin_client.get(url, {"action": "change"}).text
    assert admin_client.get(reverse("admin:audit_auditentry_change", args=[entry.pk])).text
    answer = admin_client.post(url, {"action": "export", "_selected_action": [entry.pk]})
    assert "'=cmd()" in answer.text
    assert last().action == "export"
    delete = reverse("admin:audit_auditentry_delete", args=[entry.pk])
    assert admin_client.post(delete, {"post": "yes"}).status_code == 403
    assert admin_client.get(reverse("admin:audit_auditentry_add")).status_code == 403


def test_who_may_change_users_does_not_become_a_superuser(client):
    clerk = factories.make_user("audit.change_user", "audit.view_user", username="clerk")
    root = factories.make_admin()
    client.force_login(clerk)
    url = reverse("admin:audit_user_change", args=[clerk.pk])
    administrator = Group.objects.get(name="administrator")
    client.post(url, user_form(clerk, is_superuser="on", groups=[administrator.pk]))
    clerk.refresh_from_db()
    assert not clerk.is_superuser
    assert not clerk.groups.exists()
    foreign = reverse("admin:audit_user_change", args=[root.pk])
    assert client.post(foreign, user_form(root, first_name="x")).status_code == 403
    assert client.get(f"/admin/audit/user/{root.pk}/password/").status_code == 403


def test_each_role_may_do_all_that_the_one_before_it_may():
    found = [
        {f"{each.content_type.app_label}.{each.codename}" for each in group.permissions.all()}
        for group in (
            Group.objects.get(name=name)
            for name in ("viewer", "operator", "developer", "administrator")
        )
    ]
    assert found[0] < found[1] < found[2] < found[3]
    assert "tasks.run_task" not in found[0]
    assert "tasks.run_task" in found[1]
    assert not [name for name in found[0] if not name.partition(".")[2].startswith("view_")]
    assert "tasks.add_task" in found[2]
    assert "audit.view_auditentry" in found[3] - found[2]
