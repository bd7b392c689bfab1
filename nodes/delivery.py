"""Hands the worker a wake-up: a Django-Q2 message of a function's name and one number."""

import logging

from django.db import transaction
from django_q.tasks import async_task

logger = logging.getLogger("kumo.delivery")


def deliver(function: str, number: int) -> None:
    """Send the message once the transaction is through; one that is lost costs only time."""
    transaction.on_commit(lambda: send(function, number), robust=True)


def send(function: str, number: int) -> None:
    try:
        async_task(function, number)
    except Exception:
        logger.warning("No delivery of %s(%s)", function, number, exc_info=True)
