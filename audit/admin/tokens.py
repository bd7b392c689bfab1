"""Pages of API tokens: everybody has his own, superusers see all."""

from django.contrib import admin, messages
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from audit.admin.base import AuditedAdmin
from audit.models import ApiToken
from audit.recording import record


@admin.register(ApiToken)
class ApiTokenAdmin(AuditedAdmin):
    fields = ("name", "scope", "expires_at")
    list_display = ("name", "user", "scope", "beginning", "last_used_at", "expires_at", "standing")
    list_select_related = ("user",)
    actions = ("revoke",)

    @admin.display(description=_("status"))
    def standing(self, token):
        if token.revoked_at:
            return _("revoked")
        if token.expires_at and token.expires_at <= timezone.now():
            return _("expired")
        return _("usable")

    def get_queryset(self, request):
        tokens = super().get_queryset(request)
        return tokens if request.user.is_superuser else tokens.filter(user=request.user)

    def save_model(self, request, obj, form, change):
        """Issue the token; its text is shown by the answer to this request, and never again."""
        token, request.token_text = ApiToken.objects.issue(
            request.user, obj.name, obj.scope, obj.expires_at
        )
        obj.__dict__.update(token.__dict__)

    def response_add(self, request, obj, post_url_continue=None):
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("The token was made"),
            "token": obj,
            "text": request.token_text,
        }
        response = TemplateResponse(request, "admin/audit/apitoken/issued.html", context)
        response["Cache-Control"] = "no-store"
        return response

    @admin.action(description=_("Revoke the chosen tokens"), permissions=["view"])
    def revoke(self, request, queryset):
        revoked = [token for token in queryset if token.revoke()]
        for token in revoked:
            record("revoke", token)
        count = len(revoked)
        text = ngettext("%(count)s token was revoked.", "%(count)s tokens were revoked.", count)
        messages.success(request, text % {"count": count})

    def has_module_permission(self, request):
        return request.user.is_active and request.user.is_staff

    def has_view_permission(self, request, obj=None):
        return self.has_module_permission(request)

    def has_add_permission(self, request):
        return self.has_module_permission(request)

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
