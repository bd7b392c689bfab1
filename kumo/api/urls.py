"""Addresses of the API."""

from django.http import HttpResponseNotAllowed
from django.urls import URLPattern, include, path
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from kumo.api import docs
from kumo.api.access import refusal, turned_away
from kumo.api.refusals import NOTHING_HERE
from kumo.api.site import api


def spoken(view):
    """Return the view with its 405 in the API's own form."""

    @csrf_exempt  # The calls themselves check it for sessions; tokens need none.
    def answer(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        if not isinstance(response, HttpResponseNotAllowed):
            return response
        refused = turned_away(request) or refusal(405, _("This address has no such method."))
        refused.setdefault("Allow", response["Allow"])
        return refused

    return answer


@csrf_exempt
def nowhere(request, rest=""):
    return turned_away(request) or refusal(404, NOTHING_HERE)


patterns, _app, namespace = api.urls
calls = [
    URLPattern(each.pattern, spoken(each.callback), each.default_args, each.name)
    for each in patterns
    if each.name != "api-root"
]
urlpatterns = [
    path("openapi.json", docs.openapi, name="openapi"),
    path("docs", docs.page, name="api_docs"),
    path("", include((calls, "ninja"), namespace=namespace)),
    path("", nowhere),
    path("<path:rest>", nowhere),
]
