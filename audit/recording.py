"""Writes down who did what, before and after; never a secret."""

import ipaddress
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import models
from django.utils import timezone

from audit import chain
from audit.middleware import current_request
from audit.models import AuditEntry
from audit.plain import plain

# What acts where there is no request: a command with its user, or else Kumo itself.
acting: ContextVar = ContextVar("acting", default=(AuditEntry.Source.SYSTEM, None))


@contextmanager
def command(user=None):
    """Let what is recorded within be the doing of a command, run for `user`."""
    token = acting.set((AuditEntry.Source.COMMAND, user))
    try:
        yield
    finally:
        acting.reset(token)


def record(
    action: str, obj=None, changes: dict | None = None, *, user=None, succeeded: bool = True
) -> AuditEntry:
    """Add an entry on `obj` to the audit log and return it.

    `changes` is `{field: [before, after]}`, or other facts by name. User, address and source
    come from the request that is being answered, unless `user` says otherwise. Within a
    transaction call it last: on PostgreSQL other writers of the log wait until the end of it.
    """
    request = current_request.get()
    source, actor = acting.get()
    if request is not None:
        source, actor = getattr(request, "audit_source", AuditEntry.Source.PAGE), request.user
    user = user or actor
    entry = AuditEntry(
        at=timezone.now(),
        user=user if user and user.pk else None,
        user_name=user.get_username()[:150] if user else "",
        source=source,
        address=address(request),
        action=action[:40],
        changes=plain(changes or {}),
        succeeded=succeeded,
        **about(obj),
    )
    chain.append(entry)
    return entry


def about(obj: models.Model | None) -> dict:
    if obj is None:
        return {}
    return {
        "object_type": obj._meta.label_lower[:40],
        "object_id": str(obj.pk or "")[:64],
        "object_name": plain(str(obj))[:200],
    }


def address(request) -> str | None:
    """Return where the request came from, or None where that is no address."""
    try:
        return str(ipaddress.ip_address(request.META["REMOTE_ADDR"].partition("%")[0]))
    except (AttributeError, KeyError, ValueError):
        return None
