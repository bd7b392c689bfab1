"""How the API says no: a status, a sentence, and sentences by field."""

import logging

from django.core.exceptions import (
    NON_FIELD_ERRORS,
    PermissionDenied,
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.core.exceptions import ValidationError as ModelError
from django.db import DataError, IntegrityError
from django.db.models import ProtectedError, RestrictedError
from django.http import Http404
from django.utils.translation import gettext as _
from ninja.errors import AuthenticationError, HttpError, ValidationError

logger = logging.getLogger("kumo.api")

# Where a value was given is no part of its name.
PLACES = {"body", "query", "path", "form", "file", "data", "filters"}
RENAMED = {"is_enabled": "enabled", "is_secret": "secret", NON_FIELD_ERRORS: ""}


class Refused(Exception):
    """An answer of this status with `{"detail", "errors": {field: [sentence]}}`."""

    def __init__(self, status: int, detail, errors: dict | None = None):
        super().__init__(status, detail)
        self.status, self.detail, self.errors = status, detail, errors or {}


def unknown(kind, name) -> Refused:
    return Refused(404, _("There is no %(kind)s “%(name)s”.") % {"kind": kind, "name": name})


def wrong(errors: dict) -> Refused:
    return Refused(422, _("Some values are wrong."), errors)


def find(rows, name, field: str = "slug"):
    """Return the row of this name; raises a 404."""
    row = rows.filter(**{field: name}).first()
    if row is None:
        raise unknown(rows.model._meta.verbose_name, name)
    return row


def by_field(problem: ModelError) -> dict:
    """Return the sentences of a model's check by the API's names of the fields."""
    if not hasattr(problem, "error_dict"):
        return {"": problem.messages}
    return {RENAMED.get(name, name): texts for name, texts in problem.message_dict.items()}


def by_place(problems: list[dict]) -> dict:
    """Return the sentences of a schema's check by field: `triggers.0.cron`."""
    errors = {}
    for problem in problems:
        name = ".".join(str(part) for part in problem["loc"] if part not in PLACES)
        errors.setdefault(name, []).append(problem["msg"])
    return errors


def install(api) -> None:
    """Let the API answer every exception in its own form; no traceback ever leaves it."""

    def answer(request, status, detail, errors=None):
        response = api.create_response(
            request, {"detail": str(detail), "errors": errors or {}}, status=status
        )
        if status == 401:
            response["WWW-Authenticate"] = "Bearer"
        return response

    def on(*kinds):
        def add(handler):
            for kind in kinds:
                api.add_exception_handler(kind, handler)
            return handler

        return add

    @on(Refused)
    def refused(request, problem):
        return answer(request, problem.status, problem.detail, problem.errors)

    @on(ValidationError)
    def schema(request, problem):
        return refused(request, wrong(by_place(problem.errors)))

    @on(ModelError)
    def model(request, problem):
        return refused(request, wrong(by_field(problem)))

    @on(HttpError)
    def http(request, problem):
        cause = problem.__cause__
        if isinstance(cause, Refused):
            return refused(request, cause)
        if isinstance(cause, RequestDataTooBig):
            return too_big(request, cause)
        return answer(request, problem.status_code, problem)

    @on(AuthenticationError)
    def anonymous(request, problem):
        return answer(request, 401, _("Sign in, or send a token: Authorization: Bearer …"))

    @on(RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
    def too_big(request, problem):
        return answer(request, 413, _("The request is too large."))

    @on(Http404)
    def not_found(request, problem):
        return answer(request, 404, _("There is nothing here."))

    @on(PermissionDenied)
    def denied(request, problem):
        return answer(request, 403, _("You may not do this."))

    @on(IntegrityError, ProtectedError, RestrictedError)
    def conflict(request, problem):
        return answer(request, 409, _("Something else uses it, or changed it at the same time."))

    @on(DataError)
    def data(request, problem):
        return answer(request, 422, _("Some values are wrong."))

    @on(Exception)
    def broken(request, problem):
        logger.error("%s %s failed", request.method, request.path, exc_info=problem)
        return answer(request, 500, _("Something went wrong in Kumo; its own log says what."))
