"""The log of what was sent to channels."""

from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from audit.admin import ReadOnlyAdmin
from monitoring.models import Message

PILLS = {"waiting": "pending", "sending": "running", "sent": "succeeded", "failed": "failed"}


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "channel", "title", "pill", "tries", "answer", "sent_at")
    list_display_links = None
    list_filter = ("status", "channel")
    list_select_related = ("channel",)

    @admin.display(description=_("status"))
    def pill(self, message):
        return format_html(
            '<span class="k-pill {}">{}</span>',
            PILLS[message.status],
            message.get_status_display(),
        )
