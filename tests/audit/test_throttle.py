import pytest
from django.urls import reverse

from tests.factories import PASSWORD, make_admin

pytestmark = pytest.mark.django_db


def sign_in(client, name: str, password: str, address="203.0.113.5"):
    given = {"username": name, "password": password}
    return client.post(reverse("admin:login"), given, REMOTE_ADDR=address)


def test_five_wrong_passwords_lock_the_account_for_that_address_alone(client):
    user = make_admin()
    for _attempt in range(5):
        answer = sign_in(client, user.username, "wrong")
    assert answer.status_code == 429
    assert "locked for 15 minutes" in answer.content.decode()
    assert sign_in(client, user.username, PASSWORD).status_code == 429
    assert sign_in(client, user.username, PASSWORD, "203.0.113.6").status_code == 302


def test_a_right_password_forgets_the_wrong_ones(client):
    user = make_admin()
    for _attempt in range(4):
        sign_in(client, user.username, "wrong")
    assert sign_in(client, user.username, PASSWORD).status_code == 302
    client.logout()
    assert sign_in(client, user.username, "wrong").status_code == 200
