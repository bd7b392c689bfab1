"""Calls on the files that a run's spider left."""

import os
from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO
from urllib.parse import quote

from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import BaseModel

from audit.recording import record
from kumo.api.access import May
from kumo.api.refusals import find, unknown
from kumo.api.runs import runs
from tasks import artifacts
from tasks.models import Attempt, Run
from tasks.streaming import stream

router = Router()

CHUNK = 256 * 1024
# Whatever it is, no browser is to run it.
HARMLESS = "sandbox; default-src 'none'"


class ArtifactOut(BaseModel):
    name: str
    size_bytes: int
    changed_at: datetime
    url: str


class Artifacts(BaseModel):
    attempt: int | None
    items: list[ArtifactOut]


def attempt_of(run: Run, number: int | None) -> Attempt | None:
    """Return the attempt of this number, without one the last; raises a 404 for a wrong number."""
    if number is None:
        return run.attempts.last()
    attempt = run.attempts.filter(number=number).first()
    if attempt is None:
        raise unknown(_("attempt"), number)
    return attempt


@router.get("/{int:id}/artifacts", auth=May("tasks.view_run"), response=Artifacts)
def list_artifacts(request, id: int, attempt: int | None = None):  # noqa: A002
    chosen = attempt_of(find(runs(), id, "pk"), attempt)
    files = artifacts.files(chosen) if chosen else []
    return {
        "attempt": chosen and chosen.number,
        "items": [
            {
                "name": file.name,
                "size_bytes": file.size,
                "changed_at": file.changed_at,
                "url": f"/api/v1/runs/{id}/artifacts/{quote(file.name)}?attempt={chosen.number}",
            }
            for file in files
        ],
    }


@router.get("/{int:id}/artifacts.zip", auth=May("tasks.view_run"))
def all_artifacts(request, id: int, attempt: int | None = None):  # noqa: A002
    """All files as one zip."""
    run = find(runs(), id, "pk")
    chosen = attempt_of(run, attempt)
    if chosen is None:
        raise unknown(_("attempt"), 1)
    record("download", run, {"file": "*"})
    response = stream(request, artifacts.zipped(chosen), "application/zip")
    response["Content-Disposition"] = f'attachment; filename="run-{run.pk}.zip"'
    return response


@router.get("/{int:id}/artifacts/{path:name}", auth=May("tasks.view_run"))
def get_artifact(request, id: int, name: str, attempt: int | None = None):  # noqa: A002
    """One file, to be saved."""
    run = find(runs(), id, "pk")
    chosen = attempt_of(run, attempt)
    try:
        if chosen is None:
            raise artifacts.NoSuchFile(name)
        file, _preview = artifacts.open_file(chosen, name)
    except artifacts.NoSuchFile:
        raise unknown(_("file"), name) from None
    record("download", run, {"file": name})
    size = os.fstat(file.fileno()).st_size
    response = stream(request, chunks(file, size), "application/octet-stream")
    filename = name.rsplit("/", 1)[-1]
    response["Content-Disposition"] = content_disposition_header(True, filename)
    response["Content-Length"] = size
    response["Content-Security-Policy"] = HARMLESS
    return response


def chunks(file: BinaryIO, left: int) -> Iterator[bytes]:
    # Never more than was announced: a spider may still be writing.
    with file:
        while left and (chunk := file.read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk
