"""How the API says no: a status, a sentence, and sentences by field."""

import logging

from django.core.exceptions import (
    NON_FIELD_ERRORS,
    BadRequest,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.core.exceptions import ValidationError as ModelError
from django.db import DataError, IntegrityError
from django.db.models import ProtectedError, RestrictedError
from django.http import Http404, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja.errors import AuthenticationError, HttpError, ValidationError

logger = logging.getLogger("kumo.api")

# Where a value was given is no part of its name.
PLACES = {"body", "query", "path", "form", "file", "data", "filters"}
RENAMED = {"is_enabled": "enabled", "is_secret": "secret", NON_FIELD_ERRORS: ""}

SIGN_IN = gettext_lazy("Sign in, or send a token: Authorization: Bearer …")
NOTHING_HERE = gettext_lazy("There is nothing here.")
NOT_ALLOWED = gettext_lazy("You may not do this.")
TOO_BIG = RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent
ANSWERS = (
    (AuthenticationError, 401, SIGN_IN),
    (PermissionDenied, 403, NOT_ALLOWED),
    (Http404, 404, NOTHING_HERE),
    (
        IntegrityError | ProtectedError | RestrictedError,
        409,
        gettext_lazy("Something else uses it, or changed it at the same time."),
    ),
    (TOO_BIG, 413, gettext_lazy("The request is too large.")),
    (
        MultiPartParserError | BadRequest | SuspiciousOperation | UnreadablePostError,
        400,
        gettext_lazy("The request cannot be read."),
    ),
    (DataError, 422, gettext_lazy("Some values are wrong.")),
)


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


def refusal_of(problem: Exception) -> Refused | None:
    """Return what the API answers to this exception, or None where Kumo itself is at fault."""
    if isinstance(problem, HttpError) and isinstance(problem.__cause__, Refused | TOO_BIG):
        return refusal_of(problem.__cause__)
    if isinstance(problem, Refused):
        return problem
    if isinstance(problem, ValidationError):
        return wrong(by_place(problem.errors))
    if isinstance(problem, ModelError):
        return wrong(by_field(problem))
    for kind, status, detail in ANSWERS:
        if isinstance(problem, kind):
            return Refused(status, detail)
    return Refused(problem.status_code, problem) if isinstance(problem, HttpError) else None


def install(api) -> None:
    """Let the API answer every exception in its own form; no traceback ever leaves it."""

    def answer(request, problem):
        refused = refusal_of(problem)
        if refused is None:
            logger.error("%s %s failed", request.method, request.path, exc_info=problem)
            refused = Refused(500, _("Something went wrong in Kumo; its own log says what."))
        body = {"detail": str(refused.detail), "errors": refused.errors}
        response = api.create_response(request, body, status=refused.status)
        if refused.status == 401:
            response["WWW-Authenticate"] = "Bearer"
        return response

    for kind in (Exception, Http404, HttpError, ValidationError):
        api.add_exception_handler(kind, answer)
