from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "audit"
    verbose_name = _("Users and audit")

    def ready(self):
        # Models are there only now.
        from audit import roles, signals  # noqa: F401

        post_migrate.connect(roles.make_roles, dispatch_uid="audit.roles")
