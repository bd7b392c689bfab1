"""Wakes the processes of this machine; a ring that nobody hears is harmless."""

from django.db import transaction

from nodes import home
from runner import sockets


def ring(name: str, text: str = "") -> None:
    sockets.ring(str(home.bell(name)), text)


def ring_on_commit(name: str, text: str = "") -> None:
    transaction.on_commit(lambda: ring(name, text), robust=True)
