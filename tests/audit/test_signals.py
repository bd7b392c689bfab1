import pytest
from django.test import Client
from django.urls import reverse

from audit.models import AuditEntry
from tests import factories

pytestmark = pytest.mark.django_db


def last():
    return AuditEntry.objects.order_by("-pk").first()


def sign_in(name, password):
    client = Client()
    client.post(reverse("admin:login"), {"username": name, "password": password})
    return client


def test_a_sign_in_is_recorded():
    user = factories.make_user()
    sign_in(user.username, factories.PASSWORD)
    entry = last()
    assert (entry.action, entry.user, entry.succeeded) == ("sign_in", user, True)
    assert entry.address == "127.0.0.1"


def test_a_failed_sign_in_is_recorded_without_the_password():
    user = factories.make_user()
    sign_in(user.username, "a wrong guess")
    entry = last()
    assert (entry.action, entry.user, entry.succeeded) == ("sign_in", None, False)
    assert entry.changes == {"name": user.username}


def test_a_sign_out_is_recorded():
    user = factories.make_user()
    sign_in(user.username, factories.PASSWORD).post(reverse("admin:logout"))
    entry = last()
    assert (entry.action, entry.user_name) == ("sign_out", user.username)
