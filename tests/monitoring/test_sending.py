import hashlib
import hmac
import json
import uuid
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEntry
from monitoring import sending
from monitoring.models import Channel, Message
from tests.factories import make_admin
from tests.monitoring.receiver import Receiver

pytestmark = pytest.mark.django_db
SECRET = "shared-secret"


def make_channel(url: str, allows_private=True, **fields) -> Channel:
    channel = Channel.objects.create(name="hook", allows_private=allows_private, **fields)
    channel.keep(url, SECRET)
    return channel


def make_message(channel: Channel) -> Message:
    return Message.objects.create(
        channel=channel,
        key=uuid.uuid4().hex,
        title="Kumo: 价格 failed",
        facts={"event": "opened", "run": 7},
        next_try_at=timezone.now(),
    )


def sent(message: Message) -> Message:
    """Send the message now, whenever its next try would be."""
    Message.objects.filter(pk=message.pk).update(next_try_at=timezone.now())
    sending.send(message.pk)
    message.refresh_from_db()
    return message


def test_a_webhook_is_signed_and_its_answer_kept():
    with Receiver() as receiver:
        message = sent(make_message(make_channel(receiver.url)))
    ((headers, body),) = receiver.got
    expected = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    assert headers["X-Kumo-Signature"] == f"sha256={expected}"
    assert headers["X-Kumo-Delivery"] == message.key
    assert json.loads(body)["title"] == "Kumo: 价格 failed"
    assert (message.status, message.answer) == ("sent", "200 ok")


def test_a_failing_receiver_is_tried_again_with_the_same_key():
    with Receiver(500, 500, 200) as receiver:
        message = make_message(make_channel(receiver.url))
        assert sent(message).status == "waiting"
        assert message.next_try_at > timezone.now()
        assert sent(message).status == "waiting"
        assert sent(message).status == "sent"
    assert len({headers["X-Kumo-Delivery"] for headers, _body in receiver.got}) == 1


def test_it_gives_up_after_the_last_try():
    with Receiver(503) as receiver:
        message = make_message(make_channel(receiver.url))
        for _try in range(len(sending.WAITS) + 1):
            sent(message)
    assert message.status == "failed"
    assert message.answer.startswith("503")


def test_a_message_is_sent_once_however_often_it_is_delivered():
    with Receiver() as receiver:
        message = make_message(make_channel(receiver.url))
        for _delivery in range(3):
            sending.send(message.pk)
    assert len(receiver.got) == 1


def test_private_addresses_are_refused_unless_allowed():
    with Receiver() as receiver:
        by_name = receiver.url.replace("127.0.0.1", "localhost")
        channel = make_channel(by_name, allows_private=False)
        message = sent(make_message(channel))
    assert receiver.got == []
    assert "is a private address" in message.answer


def test_redirects_are_not_followed():
    with Receiver() as other, Receiver(302, location=other.url) as receiver:
        message = sent(make_message(make_channel(receiver.url)))
    assert other.got == []
    assert message.status == "waiting"


def test_a_worker_that_died_amid_a_message_does_not_keep_it(monkeypatch):
    message = make_message(make_channel("http://127.0.0.1:9/"))
    past = timezone.now() - timedelta(minutes=1)
    Message.objects.filter(pk=message.pk).update(status="sending", next_try_at=past)
    sending.send_due(timezone.now())
    message.refresh_from_db()
    assert message.status == "waiting"


@pytest.fixture
def admin_page(client):
    client.force_login(make_admin())
    return client


def form(**fields) -> dict:
    defaults = {"name": "hook", "kind": "webhook", "is_enabled": "on", "allows_private": "on"}
    return defaults | fields


def test_address_and_secret_go_in_and_never_come_out(admin_page):
    with Receiver() as receiver:
        url = f"{receiver.url}?token=hidden-token"
        add = reverse("admin:monitoring_channel_add")
        admin_page.post(add, form(url=url, secret=SECRET))
        channel = Channel.objects.get()
        page = reverse("admin:monitoring_channel_change", args=[channel.pk])
        admin_page.post(page, form(name="renamed"))
        answer = admin_page.post(
            reverse("admin:monitoring_channel_test", args=[channel.pk]), follow=True
        )
        assert "Answer: 200 ok" in answer.content.decode()
        shown = admin_page.get(page).content.decode()
    assert len(receiver.got) == 1
    told = json.dumps([entry.changes for entry in AuditEntry.objects.all()]) + shown
    assert "hidden-token" not in told
    assert SECRET not in told


@pytest.mark.parametrize(
    "fields",
    [
        {"url": ""},
        {"url": "ftp://x"},
        {"url": "nonsense"},
        {"kind": "service", "url": "json://127.0.0.1/"},
        {"kind": "service", "url": "nonsense://x"},
    ],
)
def test_a_wrong_address_is_said_at_its_field(admin_page, fields):
    answer = admin_page.post(reverse("admin:monitoring_channel_add"), form(**fields))
    assert "url" in answer.context["adminform"].form.errors
    assert not Channel.objects.exists()


def test_a_new_key_takes_the_channels_along():
    channel = make_channel("http://127.0.0.1:9/")
    before = bytes(channel.sealed)
    call_command("rotatekeys")
    channel.refresh_from_db()
    assert bytes(channel.sealed) != before
    assert channel.told() == {"url": "http://127.0.0.1:9/", "secret": SECRET}


def test_well_known_messengers_are_taken(admin_page):
    add = reverse("admin:monitoring_channel_add")
    token = "a" * 32
    admin_page.post(add, form(kind="service", url=f"feishu://{token}"))
    assert Channel.objects.get().host
    for name in ("rule", "incident", "message"):
        assert admin_page.get(reverse(f"admin:monitoring_{name}_changelist")).status_code == 200
