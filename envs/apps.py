from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EnvsConfig(AppConfig):
    name = "envs"
    verbose_name = _("Environments")
