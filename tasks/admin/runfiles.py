"""Downloads of the files that a run left."""

from django.http import FileResponse, Http404, StreamingHttpResponse

from audit.recording import record
from tasks import artifacts
from tasks.admin import runpage
from tasks.models import Run


def download(run: Run, name: str, request) -> FileResponse:
    """Answer with one file: to be saved, or as harmless text or picture with `?view=1`."""
    attempt = runpage.chosen_attempt(run, request)
    try:
        file, kind = artifacts.open_file(attempt, name)
    except (artifacts.NoSuchFile, AttributeError):
        raise Http404 from None
    is_viewed = "view" in request.GET and kind
    response = FileResponse(
        file,
        as_attachment=not is_viewed,
        filename=name.rsplit("/", 1)[-1],
        content_type=kind if is_viewed else "application/octet-stream",
    )
    response["Content-Security-Policy"] = "sandbox; default-src 'none'; img-src 'self'"
    if not is_viewed:
        record("download", run, {"file": name})
    return response


def download_all(run: Run, request) -> StreamingHttpResponse:
    attempt = runpage.chosen_attempt(run, request)
    if attempt is None:
        raise Http404
    record("download", run, {"file": "*"})
    response = StreamingHttpResponse(artifacts.zipped(attempt), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="run-{run.pk}.zip"'
    return response
