"""The page of the doctor."""

from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from kumo import doctor


def health_view(site, request):
    if not request.user.is_superuser:
        raise PermissionDenied
    context = site.each_context(request) | {
        "title": _("Health"),
        "findings": list(doctor.findings()),
    }
    return TemplateResponse(request, "admin/kumo/health.html", context)
