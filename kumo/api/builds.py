"""Calls on builds."""

from datetime import datetime

from django.utils.translation import gettext as _
from ninja import Router, Status
from pydantic import BaseModel

from envs import building
from envs.models import Build
from kumo.api.access import May
from kumo.api.refusals import Refused, find

router = Router()


class BuildOut(BaseModel):
    id: int
    environment: str
    number: int
    status: str
    phase: str
    reason: str
    detail: str
    kind: str
    python: str
    python_version: str
    requirements: str
    lock: str
    packages: list
    size_bytes: int | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    log_url: str


def shown_build(build: Build) -> dict:
    return {name: getattr(build, name, None) for name in BuildOut.model_fields} | {
        "environment": build.environment.slug,
        "log_url": f"/api/v1/builds/{build.pk}/log",
    }


def builds():
    return Build.objects.select_related("environment")


@router.get("/{int:id}", auth=May("envs.view_build"), response=BuildOut)
def get_build(request, id: int):  # noqa: A002 - the name of the path's part
    return shown_build(find(builds(), id, "pk"))


@router.post("/{int:id}/cancel", auth=May("envs.change_environment"), response={202: BuildOut})
def cancel_build(request, id: int):  # noqa: A002
    """Cancel a build that waits or goes on."""
    if not building.cancel_build(find(builds(), id, "pk"), request.user):
        raise Refused(409, _("The build has ended."))
    return Status(202, shown_build(find(builds(), id, "pk")))
