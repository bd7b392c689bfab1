"""Calls on environments."""

from datetime import datetime
from typing import Literal

from django.db import transaction
from django.utils.translation import gettext as _
from ninja import Router, Status
from pydantic import BaseModel

from audit.changes import created, differences, editable, values
from audit.recording import record
from envs import building, removal
from envs.checks import check_environment
from envs.models import Build, Environment, PackageIndex
from kumo.api.access import May
from kumo.api.builds import BuildOut, shown_build
from kumo.api.paging import Page, Paged, page
from kumo.api.refusals import Refused, find, unknown, wrong
from kumo.api.schemas import Given, Slug, Text

router = Router()

SPECIFICATION = {"kind", "python", "requirements", "index"}


class EnvironmentFields(Given):
    title: Text = ""
    python: Text = ""
    requirements: Text = ""
    lock: Text | None = None
    index: Slug | None = None


class EnvironmentIn(EnvironmentFields):
    slug: Slug
    kind: Literal[tuple(Environment.Kind.values)] = "venv"


class BuildLine(BaseModel):
    id: int
    number: int
    status: str
    log_url: str


class Package(BaseModel):
    name: str
    version: str


class EnvironmentOut(BaseModel):
    """`build` is the latest one, `in_use` the number of the one that runs start in."""

    slug: str
    title: str
    kind: str
    status: Literal["pending", "building", "ready", "failed"]
    requirements: str
    index: str | None
    python_asked: str
    python: str
    packages: list[Package]
    size_bytes: int | None
    in_use: int | None
    build: BuildLine | None
    created_at: datetime
    updated_at: datetime


def shown(environment: Environment) -> dict:
    current, latest = environment.current_build, environment.builds.first()
    names = ("slug", "title", "kind", "requirements", "created_at", "updated_at")
    return {name: getattr(environment, name) for name in names} | {
        "status": status(latest, current),
        "index": environment.index and environment.index.slug,
        "python_asked": environment.python,
        "python": current.python_version if current else "",
        "packages": current.packages if current else [],
        "size_bytes": current and current.size_bytes,
        "in_use": current and current.number,
        "build": latest and line(latest),
    }


def status(latest: Build | None, current: Build | None) -> str:
    """Return how the latest build stands; a canceled one leaves things as they were."""
    if latest is None or latest.status == Build.Status.CANCELED:
        return "ready" if current else "failed" if latest else "pending"
    return latest.status


def line(build: Build) -> dict:
    return {
        "id": build.pk,
        "number": build.number,
        "status": build.status,
        "log_url": f"/api/v1/builds/{build.pk}/log",
    }


def environments():
    return Environment.objects.select_related("current_build", "index")


def fill(environment: Environment, given: dict) -> None:
    """Set what was given and check the whole; raises a 422."""
    lock = given.pop("lock", None)
    if lock is not None:
        # A lock is requirements that leave nothing open.
        given["requirements"] = lock
    if "index" in given:
        environment.index = find_index(given.pop("index"))
    for name, value in given.items():
        setattr(environment, name, value)
    environment.requirements = environment.requirements.replace("\r\n", "\n")
    environment.full_clean()
    check_environment(environment)


def find_index(slug: str | None) -> PackageIndex | None:
    if slug is None:
        return None
    found = PackageIndex.objects.filter(slug=slug).first()
    if found is None:
        raise wrong({"index": [_("There is no package index “%(name)s”.") % {"name": slug}]})
    return found


def build(environment: Environment, user) -> Build:
    try:
        return building.request_build(environment, user)
    except building.BuildGoing:
        raise Refused(409, _("A build of this environment is going on.")) from None


@router.get("", auth=May("envs.view_environment"), response=Page[EnvironmentOut])
def list_environments(request, window: Paged):
    return page(environments(), window, shown)


@router.post("", auth=May("envs.add_environment"), response={201: EnvironmentOut})
def make_environment(request, data: EnvironmentIn):
    """Make an environment; its first build starts at once."""
    environment = Environment()
    fill(environment, data.model_dump(exclude_unset=True))
    with transaction.atomic():
        environment.save(force_insert=True)
        record("create", environment, created(environment))
        build(environment, request.user)
    return Status(201, shown(find(environments(), environment.slug)))


@router.get("/{slug:slug}", auth=May("envs.view_environment"), response=EnvironmentOut)
def get_environment(request, slug: str):
    return shown(find(environments(), slug))


@router.patch("/{slug:slug}", auth=May("envs.change_environment"), response=EnvironmentOut)
def change_environment(request, slug: str, data: EnvironmentFields):
    """Change an environment; a changed specification starts a build beside the one in use."""
    environment = find(environments(), slug)
    before = values(environment)
    fill(environment, data.model_dump(exclude_unset=True))
    with transaction.atomic():
        # Not the whole row: a build may come into use in this moment.
        environment.save(update_fields=[*editable(Environment), "updated_at"])
        changes = differences(before, values(environment))
        if SPECIFICATION.intersection(changes):
            build(environment, request.user)
        record("change", environment, changes)
    return shown(find(environments(), slug))


@router.delete("/{slug:slug}", auth=May("envs.delete_environment"), response={204: None})
def delete_environment(request, slug: str):
    """Delete an environment that no task uses, with its builds."""
    try:
        removal.delete_environment(find(environments(), slug), request.user)
    except removal.EnvironmentInUse as problem:
        raise Refused(409, problem) from None
    return Status(204, None)


@router.get("/{slug:slug}/builds", auth=May("envs.view_build"), response=Page[BuildOut])
def list_builds(request, slug: str, window: Paged):
    rows = find(environments(), slug).builds.select_related("environment")
    return page(rows, window, shown_build)


@router.post("/{slug:slug}/builds", auth=May("envs.change_environment"), response={202: BuildOut})
def start_build(request, slug: str):
    """Build the environment again; 409 while a build is going on."""
    return Status(202, shown_build(build(find(environments(), slug), request.user)))


@router.post(
    "/{slug:slug}/builds/{int:number}/use",
    auth=May("envs.change_environment"),
    response=EnvironmentOut,
)
def use_build(request, slug: str, number: int):
    """Let new runs start in an earlier build again."""
    environment = find(environments(), slug)
    chosen = environment.builds.select_related("environment").filter(number=number).first()
    if chosen is None:
        raise unknown(_("build"), number)
    try:
        building.use_build(environment, chosen, request.user)
    except building.BuildNotUsable:
        raise Refused(409, _("Nothing can run in this build.")) from None
    return shown(find(environments(), slug))
