"""Lists, newest first, a page at a time."""

from collections.abc import Callable
from typing import Annotated, Generic, TypeVar

from ninja import Query
from pydantic import BaseModel, Field

LARGEST = 2**63 - 1
Item = TypeVar("Item")


class Page(BaseModel, Generic[Item]):
    """`next` is the cursor of the following page, or null on the last one."""

    items: list[Item]
    next: str | None


class Window(BaseModel):
    limit: Annotated[int, Field(ge=1, le=500)] = 50
    cursor: Annotated[str, Field(pattern=r"^[0-9]{1,18}$")] | None = None


Paged = Query[Window]


def page(rows, window: Window, show: Callable) -> dict:
    """Return a page of `rows`, each shown by `show`."""
    rows = rows.order_by("-pk")
    if window.cursor is not None:
        rows = rows.filter(pk__lt=int(window.cursor))
    found = list(rows[: window.limit + 1])
    shown = found[: window.limit]
    return {
        "items": [show(row) for row in shown],
        "next": str(shown[-1].pk) if len(found) > window.limit else None,
    }
