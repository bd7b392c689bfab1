"""Downloads of the files that a run left."""

from urllib.parse import quote

from django.http import Http404, StreamingHttpResponse

from audit.recording import record
from tasks import artifacts
from tasks.admin import runpage
from tasks.models import Run
from tasks.streaming import stream


def download(run: Run, name: str, request) -> StreamingHttpResponse:
    """Answer with one file: to be saved, or as harmless text or picture with `?view=1`."""
    attempt = runpage.chosen_attempt(run, request)
    try:
        file, kind = artifacts.open_file(attempt, name)
    except (artifacts.NoSuchFile, AttributeError):
        raise Http404 from None
    is_viewed = "view" in request.GET and kind
    response = stream(
        request, artifacts.pieces(file), kind if is_viewed else "application/octet-stream"
    )
    response["Content-Security-Policy"] = "sandbox; default-src 'none'; img-src 'self'"
    if not is_viewed:
        save_as(response, name.rsplit("/", 1)[-1])
        record("download", run, {"file": name})
    return response


def download_all(run: Run, request) -> StreamingHttpResponse:
    attempt = runpage.chosen_attempt(run, request)
    if attempt is None:
        raise Http404
    record("download", run, {"file": "*"})
    response = stream(request, artifacts.zipped(attempt), "application/zip")
    save_as(response, f"run-{run.pk}.zip")
    return response


def save_as(response, name: str) -> None:
    response["Content-Disposition"] = f"attachment; filename*=utf-8''{quote(name, safe='')}"
