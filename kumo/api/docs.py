"""The description of the API, for programs and for people."""

from django.contrib import admin
from django.contrib.auth.decorators import login_required
from django.http import JsonResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from kumo.api.access import turned_away
from kumo.api.site import api

METHODS = ("get", "post", "put", "patch", "delete")


def schema() -> dict:
    return api.get_openapi_schema(path_prefix="/api/v1/")


def openapi(request):
    """Answer with the OpenAPI document, to whoever may sign in or has a token."""
    return turned_away(request) or JsonResponse(schema())


@login_required
def page(request):
    """A list of all calls, as the OpenAPI document has them."""
    document = schema()
    context = admin.site.each_context(request) | {
        "title": _("REST API"),
        "groups": groups(document),
    }
    return TemplateResponse(request, "admin/kumo/api.html", context)


def groups(document: dict) -> list[dict]:
    """Return the calls by their tag: method, path, summary, parameters and the body's fields."""
    found = {}
    for path, operations in document["paths"].items():
        for method in METHODS:
            if operation := operations.get(method):
                call = shown(document, method, path, operation)
                found.setdefault(operation["tags"][0], []).append(call)
    return [{"tag": tag, "calls": calls} for tag, calls in found.items()]


def shown(document: dict, method: str, path: str, operation: dict) -> dict:
    return {
        "method": method.upper(),
        "path": path,
        "summary": operation.get("description") or operation.get("summary", ""),
        "query": [each["name"] for each in operation.get("parameters", ())
                  if each["in"] == "query"],
        "body": body(document, operation),
    }  # fmt: skip


def body(document: dict, operation: dict) -> list[tuple[str, bool]]:
    """Return the fields of the body, each with whether it must be there."""
    content = operation.get("requestBody", {}).get("content", {})
    for kind in content.values():
        schema = resolved(document, kind["schema"])
        required = schema.get("required", ())
        return [(name, name in required) for name in schema.get("properties", ())]
    return []


def resolved(document: dict, schema: dict) -> dict:
    if reference := schema.get("$ref"):
        return document["components"]["schemas"][reference.rpartition("/")[2]]
    return schema
