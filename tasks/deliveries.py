"""What the worker does when a delivery comes: little, and harmless when repeated."""

from nodes.local import local_node
from tasks.dispatch import start_what_fits


def start_runs(_number: int) -> None:
    """Start on this node whatever has room; the run table says what waits."""
    start_what_fits(local_node())
