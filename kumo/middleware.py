"""What every answer gets: a content security policy, compression, the user's language and zone."""

import zoneinfo

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.conf import settings
from django.middleware.gzip import GZipMiddleware
from django.utils import timezone, translation

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; manifest-src 'self'"
)


class ContentSecurityPolicy:
    """Sets the policy on every answer that does not bring a stricter one."""

    sync_capable = async_capable = True

    def __init__(self, get_response):
        self.get_response = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request):
        if iscoroutinefunction(self):
            return self.answer_later(request)
        return self.with_policy(self.get_response(request))

    async def answer_later(self, request):
        return self.with_policy(await self.get_response(request))

    @staticmethod
    def with_policy(response):
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), microphone=(), geolocation=()"
        )
        return response


class CompressPages(GZipMiddleware):
    """Compresses whole answers; streams pass as they are, so that they arrive line by line."""

    def process_response(self, request, response):
        if response.streaming:
            return response
        return super().process_response(request, response)


class UserPreferences:
    """Shows pages in the language and the time zone of the signed-in user."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        user = request.user
        zone = getattr(user, "time_zone", "") or settings.TIME_ZONE
        language = getattr(user, "language", "")
        if language and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            translation.activate(language)
            request.LANGUAGE_CODE = translation.get_language()
        with timezone.override(zoneinfo.ZoneInfo(zone)):
            return self.get_response(request)
