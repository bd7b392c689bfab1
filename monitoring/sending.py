"""Sends alert messages, again after a while when that fails, and writes down the answer."""

from datetime import datetime, timedelta

import requests
from django.utils import timezone
from django.utils.translation import gettext as _

from monitoring import webhooks
from monitoring.models import Channel, Message
from nodes.delivery import deliver
from tasks.sealing import WrongKey

# Seconds until the next try, one after another; then it has failed.
WAITS = (10, 60, 300, 1800, 7200)
LOOK_EVERY = timedelta(seconds=10)
# A worker that died while it sent has not said so.
FORGOTTEN_AFTER = timedelta(minutes=2)
Status = Message.Status


class NotSent(Exception):
    """The receiver did not take the message; the text says why."""


def send(message_id: int) -> None:
    """Send a message that waits, unless another worker does."""
    now = timezone.now()
    mine = Message.objects.filter(pk=message_id, status=Status.WAITING, next_try_at__lte=now)
    if not mine.update(status=Status.SENDING, next_try_at=now + FORGOTTEN_AFTER):
        return
    message = Message.objects.select_related("channel").get(pk=message_id)
    try:
        answer = carry(message)
    except NotSent as problem:
        put_off(message, str(problem))
    else:
        finish(message, Status.SENT, answer, sent_at=timezone.now())


def carry(message: Message) -> str:
    """Hand the message to its channel; return the answer, or raise NotSent."""
    channel = message.channel
    if not channel.is_enabled:
        raise NotSent(_("The channel is switched off."))
    try:
        told = channel.told()
        if channel.kind == Channel.Kind.WEBHOOK:
            content = {"title": message.title, "text": message.text, **message.facts}
            return webhooks.post(
                told["url"], told["secret"], message.key, content, channel.allows_private
            )
        return notify(told["url"], message)
    except webhooks.AddressRefused as refused:
        raise NotSent(_("%(address)s is a private address.") % {"address": refused}) from None
    except requests.RequestException as problem:
        raise NotSent(str(problem)) from None
    except WrongKey:
        raise NotSent(_("The channel's address cannot be read with this key.")) from None


def notify(url: str, message: Message) -> str:
    # Its hundred services take 20 MB, which only a process that sends should have.
    import apprise

    services = apprise.Apprise()
    if not services.add(url):
        raise NotSent(_("Apprise does not know this address."))
    if not services.notify(title=message.title, body=message.text or message.title):
        raise NotSent(_("The service did not take it."))
    return "ok"


def put_off(message: Message, why: str) -> None:
    tries = message.tries + 1
    if tries > len(WAITS):
        finish(message, Status.FAILED, why, tries=tries)
        return
    next_try_at = timezone.now() + timedelta(seconds=WAITS[tries - 1])
    finish(message, Status.WAITING, why, tries=tries, next_try_at=next_try_at)


def finish(message: Message, status: str, answer: str, **fields) -> None:
    Message.objects.filter(pk=message.pk, status=Status.SENDING).update(
        status=status, answer=answer[:500], **fields
    )


def send_due(now: datetime) -> datetime:
    """Ring for messages whose time has come again; return when to look again."""
    Message.objects.filter(status=Status.SENDING, next_try_at__lte=now).update(
        status=Status.WAITING
    )
    due = Message.objects.filter(status=Status.WAITING, next_try_at__lte=now)
    for pk in due.values_list("pk", flat=True)[:100]:
        deliver("monitoring.sending.send", pk)
    return now + LOOK_EVERY
