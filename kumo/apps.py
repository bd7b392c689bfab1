from django.apps import AppConfig


class KumoConfig(AppConfig):
    name = "kumo"
    verbose_name = "Kumo"
