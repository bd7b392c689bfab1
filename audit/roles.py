"""The roles that users are given: groups, each with all that the one before it may do."""

from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.db.models import Q

# Words of permissions, `verb_model`; a star stands for every model of the app or every verb.
VIEWER = (
    "envs.view_*",
    "nodes.view_*",
    "tasks.view_project",
    "tasks.view_revision",
    "tasks.view_task",
    "tasks.view_trigger",
    "tasks.view_run",
    "tasks.view_attempt",
    "tasks.view_event",
    "tasks.view_fire",
    "tasks.view_concurrencygroup",
)
OPERATOR = (*VIEWER, "tasks.run_task", "tasks.change_maintenance")
DEVELOPER = (*OPERATOR, "envs.*", "tasks.*")
ADMINISTRATOR = (*DEVELOPER, "audit.*", "auth.*", "nodes.*", "monitoring.*", "backups.*")
ROLES = {
    "viewer": VIEWER,
    "operator": OPERATOR,
    "developer": DEVELOPER,
    "administrator": ADMINISTRATOR,
}


def make_roles(sender, **_more) -> None:
    """Give every role what it may do; what an administrator added to a role stays."""
    if sender is not last_app():
        # Permissions are made app by app.
        return
    for name, words in ROLES.items():
        group, _made = Group.objects.get_or_create(name=name)
        group.permissions.add(*Permission.objects.filter(meant(words)))


def last_app():
    return [config for config in apps.get_app_configs() if config.models_module][-1]


def meant(words) -> Q:
    condition = Q(pk__in=[])
    for word in words:
        app, _dot, codename = word.partition(".")
        named = Q(content_type__app_label=app)
        if codename.endswith("*"):
            named &= Q(codename__startswith=codename.removesuffix("*"))
        else:
            named &= Q(codename=codename)
        condition |= named
    return condition
