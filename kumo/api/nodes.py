"""Calls on nodes."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from ninja import Router
from pydantic import BaseModel

from audit.changes import differences, values
from audit.recording import record
from kumo.api.access import May
from kumo.api.paging import Page, Paged, page
from kumo.api.refusals import find
from kumo.api.schemas import Flag, Given, Text, Whole
from nodes.models import Node

router = Router()


class NodeOut(BaseModel):
    """`status`: online, draining (accepts no runs) or offline."""

    slug: str
    title: str
    status: str
    slots: int
    running: int
    accepting: bool
    labels: list
    beat_at: datetime | None
    is_disk_low: bool
    figures: dict[str, Any]


class NodeChange(Given):
    title: Text = None
    slots: Whole = None
    accepting: Flag = None


def nodes():
    return Node.objects.annotate(running=Count("runs", filter=Q(runs__status="running")))


def shown(node: Node) -> dict:
    status = "offline" if node.is_silent() else "online" if node.is_accepting else "draining"
    kept = {name: getattr(node, name, None) for name in NodeOut.model_fields}
    return kept | {"status": status, "accepting": node.is_accepting}


@router.get("", auth=May("nodes.view_node"), response=Page[NodeOut])
def list_nodes(request, window: Paged):
    return page(nodes(), window, shown)


@router.get("/{slug:slug}", auth=May("nodes.view_node"), response=NodeOut)
def get_node(request, slug: str):
    return shown(find(nodes(), slug))


@router.patch("/{slug:slug}", auth=May("nodes.change_node"), response=NodeOut)
def change_node(request, slug: str, data: NodeChange):
    node = find(nodes(), slug)
    before = values(node)
    given = data.model_dump(exclude_unset=True)
    given = {"is_accepting" if name == "accepting" else name: given[name] for name in given}
    for name, value in given.items():
        setattr(node, name, value)
    node.full_clean()
    node.save(update_fields=[*given])
    record("change", node, differences(before, values(node)))
    return shown(find(nodes(), slug))
