"""Makes an environment in a detached process that outlives whoever asked for it."""

from envs.builder.order import Order
from envs.builder.outcome import Outcome
from envs.builder.place import cancel, is_held, read_outcome, read_progress
from envs.builder.start import AlreadyStarted, start

__all__ = [
    "AlreadyStarted",
    "Order",
    "Outcome",
    "cancel",
    "is_held",
    "read_outcome",
    "read_progress",
    "start",
]
