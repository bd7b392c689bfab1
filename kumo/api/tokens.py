"""Calls on one's own API tokens."""

from datetime import datetime, timedelta
from typing import Annotated, Literal

from django.utils import timezone
from ninja import Router, Status
from pydantic import BaseModel, Field

from audit.models import ApiToken
from audit.recording import record
from kumo.api.access import May
from kumo.api.paging import Page, Paged, page
from kumo.api.refusals import find
from kumo.api.schemas import Given, Text, Whole

router = Router()


class TokenIn(Given):
    name: Annotated[Text, Field(min_length=1, max_length=100)]
    scope: Literal[tuple(ApiToken.Scope.values)] = "read"
    expires_in_days: Annotated[Whole, Field(ge=1, le=36_500)] | None = None


class TokenOut(BaseModel):
    id: int
    name: str
    scope: str
    beginning: str
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None


class TokenMade(TokenOut):
    """`token` is shown here and never again."""

    token: str


def shown(token: ApiToken) -> dict:
    return {name: getattr(token, name) for name in TokenOut.model_fields}


@router.get("", auth=May(None), response=Page[TokenOut])
def list_tokens(request, window: Paged):
    return page(request.user.tokens, window, shown)


@router.post("", auth=May(None), response={201: TokenMade})
def make_token(request, data: TokenIn):
    days = data.expires_in_days
    expires_at = timezone.now() + timedelta(days=days) if days else None
    token, text = ApiToken.objects.issue(request.user, data.name, data.scope, expires_at)
    record("create", token, {"scope": token.scope, "expires_at": expires_at})
    return Status(201, shown(token) | {"token": text})


@router.delete("/{int:id}", auth=May(None), response={204: None})
def revoke_token(request, id: int):  # noqa: A002 - the name of the path's part
    """Revoke a token; revoking it again changes nothing."""
    token = find(request.user.tokens.all(), id, "pk")
    if token.revoke():
        record("revoke", token)
    return Status(204, None)
