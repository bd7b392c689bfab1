"""Forms of channels and rules."""

from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from monitoring.models import Channel, Rule

# Apprise's own kinds of webhook: Kumo's is signed and looks where it goes.
UNSIGNED = ("json", "jsons", "xml", "xmls", "form", "forms", "http", "https", "file", "syslog")


class ChannelForm(forms.ModelForm):
    """The address and the secret go in and never come out."""

    url = forms.CharField(
        label=_("address"),
        required=False,
        max_length=1000,
        widget=forms.TextInput(attrs={"class": "vLargeTextField", "autocomplete": "off"}),
        help_text=_(
            "https://… for a webhook; an Apprise address for a service, such as "
            "dingtalk://…, feishu://…, wecombot://…, slack://…, tgram://…, mailtos://…. "
            "It is not shown again; leave it empty to keep it."
        ),
    )
    secret = forms.CharField(
        label=_("secret"),
        required=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Webhooks are signed with it (X-Kumo-Signature); leave it empty to keep it."),
    )

    class Meta:
        model = Channel
        fields = ("name", "kind", "url", "secret", "allows_private", "is_enabled")

    def clean(self):
        cleaned = super().clean()
        url, kind = cleaned.get("url", ""), cleaned.get("kind")
        if not url:
            if not self.instance.host or "kind" in self.changed_data:
                self.add_error("url", ValidationError(_("Write the address.")))
        elif kind == Channel.Kind.WEBHOOK:
            self.check_webhook(url)
        elif urlsplit(url).scheme in UNSIGNED or not is_known(url):
            self.add_error("url", ValidationError(_("This is not an address of a known service.")))
        return cleaned

    def check_webhook(self, url: str) -> None:
        try:
            URLValidator(["http", "https"])(url)
        except ValidationError:
            self.add_error("url", ValidationError(_("Write an address that begins with https://.")))


def is_known(url: str) -> bool:
    # Its hundred services take 20 MB, which pages should not have until somebody needs it.
    import apprise

    return apprise.Apprise().add(url)


class RuleForm(forms.ModelForm):
    kinds = forms.MultipleChoiceField(
        label=_("when a task"),
        choices=Rule.Happening.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=Rule.Happening.values,
    )

    class Meta:
        model = Rule
        fields = (
            *("name", "kinds", "task", "project", "tag"),
            *("channel", "tells_recovery", "apart", "is_enabled"),
        )
