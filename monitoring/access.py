"""Who may open a socket, and whether they still may."""

from channels.auth import get_user
from channels.db import database_sync_to_async


async def may_watch(scope, permission: str) -> bool:
    """Ask the database whether the session is still good and its user has the permission."""
    user = await get_user(scope)
    return user.is_authenticated and await is_allowed(user, permission)


@database_sync_to_async
def is_allowed(user, permission: str) -> bool:
    return user.is_active and user.is_staff and user.has_perm(permission)
