"""Who may make which call: a token or a session, its scope, and the user's permissions."""

from django.utils.translation import gettext as _
from ninja.security import HttpBearer
from ninja.utils import check_csrf

from audit.models import ApiToken, AuditEntry
from kumo.api.refusals import Refused, wrong

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
            raise Refused(403, _("You may not do this."))
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
            raise Refused(403, _("The token's scope does not reach so far: %(scope)s is needed.")
                          % {"scope": scope})  # fmt: skip
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
        raise Refused(404, _("There is nothing here."))
    names = [name for name in request.GET if "\0" in name + "".join(request.GET.getlist(name))]
    if names:
        raise wrong({name.replace("\0", ""): [_("It contains a NUL character.")] for name in names})


def run_calls(permission: str = "tasks.run_task") -> May:
    """For calls that run and stop: a token of scope `run` is enough."""
    return May(permission, Scope.RUN)
