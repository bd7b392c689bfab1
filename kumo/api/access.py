"""Who may make which call: a token or a session, its scope, and the user's permissions."""

from django.http import JsonResponse
from django.utils.translation import gettext as _
from ninja.security import HttpBearer
from ninja.utils import check_csrf

from audit.models import ApiToken, AuditEntry
from kumo.api.refusals import NOT_ALLOWED, NOTHING_HERE, SIGN_IN, Refused, wrong

SAFE = {"GET", "HEAD", "OPTIONS"}
Scope = ApiToken.Scope


class May(HttpBearer):
    """Lets users with `permission` make a call (None: everybody who is signed in).

    A token must have `scope` too; without one, reading takes `read` and everything else `write`.
    """

    def __init__(self, permission: str | None, scope: str | None = None):
        super().__init__()
        self.permission, self.scope = permission, scope

    def __call__(self, request):
        request.audit_source = AuditEntry.Source.API
        check_text(request)
        header = request.headers.get(self.header)
        user = self.session_user(request) if header is None else self.authenticate(request, header)
        if user and self.permission and not user.has_perm(self.permission):
            raise Refused(403, NOT_ALLOWED)
        return user

    def authenticate(self, request, token: str):
        """Return the user of the `Authorization` header, whose requests these are from now on."""
        kind, _space, text = token.partition(" ")
        if kind.lower() != "bearer":
            return None
        found = ApiToken.objects.find(text.strip())
        if found is None:
            return None
        scope = self.scope or (Scope.READ if request.method in SAFE else Scope.WRITE)
        if not found.allows(scope):
            text = _("The token's scope does not reach so far: %(scope)s is needed.")
            raise Refused(403, text % {"scope": scope})
        request.user = found.user
        return found.user

    def session_user(self, request):
        if not request.user.is_authenticated:
            return None
        if request.method not in SAFE and check_csrf(request) is not None:
            raise Refused(403, _("Send the session's CSRF token with the request."))
        return request.user


def check_text(request) -> None:
    """Refuse what no database takes as text."""
    if "\0" in request.path_info:
        raise Refused(404, NOTHING_HERE)
    names = [name for name in request.GET if "\0" in name + "".join(request.GET.getlist(name))]
    if names:
        raise wrong({name.replace("\0", ""): [_("It contains a NUL character.")] for name in names})


def run_calls(permission: str = "tasks.run_task") -> May:
    """For calls that run and stop: a token of scope `run` is enough."""
    return May(permission, Scope.RUN)


def turned_away(request) -> JsonResponse | None:
    """Return the refusal for who may make no call at all, or None; for views beside the calls."""
    try:
        return None if May(None)(request) else refusal(401, SIGN_IN)
    except Refused as refused:
        return refusal(refused.status, refused.detail, refused.errors)


def refusal(status: int, detail, errors: dict | None = None) -> JsonResponse:
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
    return JsonResponse(
        {"detail": str(detail), "errors": errors or {}}, status=status, headers=headers
    )
