"""The one answer for machines that watch Kumo without signing in."""

from django.db import DatabaseError, connection
from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@never_cache
@require_safe
def healthz(request):
    """Answer 200 `ok` while pages and database work, else 503; never a detail."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("database unavailable\n", "text/plain", 503)
    return HttpResponse("ok\n", "text/plain")
