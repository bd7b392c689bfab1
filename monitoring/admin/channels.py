"""Pages of alert channels, with a button that tries them."""

import uuid
from urllib.parse import urlsplit

from django.contrib import admin
from django.contrib import messages as notes
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.admin import AuditedAdmin
from audit.recording import record
from monitoring import sending
from monitoring.forms import ChannelForm
from monitoring.models import Channel, Message
from tasks.sealing import WrongKey


@admin.register(Channel)
class ChannelAdmin(AuditedAdmin):
    form = ChannelForm
    list_display = ("name", "kind", "host", "is_enabled")
    change_form_template = "admin/monitoring/channel/change_form.html"

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        url, secret = form.cleaned_data["url"], form.cleaned_data["secret"]
        if not url and not secret:
            return
        try:
            told = obj.told()
        except WrongKey:
            told = {"url": "", "secret": ""}
        url = url or told["url"]
        obj.host = (urlsplit(url).hostname or urlsplit(url).scheme)[:255]
        obj.keep(url, secret or told["secret"])

    def get_urls(self):
        test = self.admin_site.admin_view(self.test_view)
        return [
            path("<int:pk>/test/", test, name="monitoring_channel_test"),
            *super().get_urls(),
        ]

    def test_view(self, request, pk):
        if not request.user.has_perm("monitoring.change_channel"):
            raise PermissionDenied
        channel = get_object_or_404(Channel, pk=pk)
        if request.method == "POST":
            message = Message.objects.create(
                channel=channel,
                key=uuid.uuid4().hex,
                title=_("Kumo: a test of %(channel)s") % {"channel": channel},
                facts={"event": "test"},
                next_try_at=timezone.now(),
            )
            record("test", channel)
            sending.send(message.pk)
            message.refresh_from_db()
            level = notes.SUCCESS if message.status == Message.Status.SENT else notes.ERROR
            self.message_user(request, _("Answer: %s") % message.answer, level)
        return redirect("admin:monitoring_channel_change", pk)
