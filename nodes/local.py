"""The node that this process is on."""

import psutil
from django.conf import settings
from django.utils import timezone

from nodes import disk
from nodes.models import Node


def local_node() -> Node:
    node, _made = Node.objects.get_or_create(
        slug=settings.KUMO_NODE_NAME, defaults={"slots": settings.KUMO_SLOTS}
    )
    return node


def beat(node: Node) -> None:
    """Write the heartbeat and this machine's figures: shares of 100, sizes in bytes."""
    memory, space = psutil.virtual_memory(), disk.usage()
    Node.objects.filter(pk=node.pk).update(
        beat_at=timezone.now(),
        is_disk_low=disk.is_low(),
        figures={
            "cpu_percent": psutil.cpu_percent(),
            "cores": psutil.cpu_count(),
            "load": psutil.getloadavg()[0],
            "memory_bytes": memory.total - memory.available,
            "memory_total_bytes": memory.total,
            "disk_bytes": space.used,
            "disk_total_bytes": space.total,
        },
    )
