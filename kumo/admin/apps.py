from django.contrib.admin.apps import AdminConfig


class KumoAdminConfig(AdminConfig):
    default_site = "kumo.admin.site.KumoAdminSite"
