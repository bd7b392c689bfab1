"""The side bar: what a user may open, in three groups."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tasks.models import Run


@dataclass(frozen=True)
class Page:
    title: str
    view: str
    permission: str = ""
    icon: str = ""


GROUPS = (
    (
        _("Operate"),
        (
            Page(_("Dashboard"), "admin:index", icon="dashboard"),
            Page(_("Tasks"), "admin:tasks_task_changelist", "tasks.view_task", "tasks"),
            Page(_("Runs"), "admin:tasks_run_changelist", "tasks.view_run", "runs"),
            Page(_("Timeline"), "admin:tasks_timeline", "tasks.view_run", "timeline"),
            Page(
                _("Alerts"),
                "admin:monitoring_incident_changelist",
                "monitoring.view_incident",
                "alerts",
            ),
            Page(_("Fires"), "admin:tasks_fire_changelist", "tasks.view_fire", "fires"),
        ),
    ),
    (
        pgettext_lazy("side bar", "Build"),
        (
            Page(_("Projects"), "admin:tasks_project_changelist", "tasks.view_project", "projects"),
            Page(
                _("Environments"),
                "admin:envs_environment_changelist",
                "envs.view_environment",
                "environments",
            ),
            Page(
                _("Package indexes"),
                "admin:envs_packageindex_changelist",
                "envs.view_packageindex",
                "indexes",
            ),
            Page(
                _("Variables and secrets"),
                "admin:tasks_variable_changelist",
                "tasks.view_variable",
                "variables",
            ),
            Page(
                _("Concurrency groups"),
                "admin:tasks_concurrencygroup_changelist",
                "tasks.view_concurrencygroup",
                "groups",
            ),
        ),
    ),
    (
        _("System"),
        (
            Page(_("Nodes"), "admin:nodes_node_changelist", "nodes.view_node", "nodes"),
            Page(
                _("Alert rules"),
                "admin:monitoring_rule_changelist",
                "monitoring.view_rule",
                "alerts",
            ),
            Page(
                _("Alert channels"),
                "admin:monitoring_channel_changelist",
                "monitoring.view_channel",
                "alerts",
            ),
            Page(
                _("Maintenance"),
                "admin:tasks_maintenance",
                "tasks.change_maintenance",
                "maintenance",
            ),
            Page(
                _("Retention"),
                "admin:tasks_retention_changelist",
                "tasks.view_retention",
                "retention",
            ),
            Page(_("Backups"), "admin:backups_backup_changelist", "backups.view_backup", "backups"),
            Page(
                _("Audit log"),
                "admin:audit_auditentry_changelist",
                "audit.view_auditentry",
                "audit",
            ),
            Page(_("Health"), "admin:health", "audit.delete_user", "health"),
            Page(_("Users"), "admin:audit_user_changelist", "audit.view_user", "users"),
            Page(
                _("API tokens"), "admin:audit_apitoken_changelist", "audit.view_apitoken", "tokens"
            ),
        ),
    ),
)


def groups(request) -> list[dict]:
    """Return the groups that the user may see: dicts of `title` and `entries`."""
    running = Run.objects.filter(status=Run.Status.RUNNING).count()
    badges = {"admin:tasks_run_changelist": running or ""}
    found = []
    for title, pages in GROUPS:
        entries = [entry(page, request, badges) for page in pages if may_open(page, request.user)]
        entries = [each for each in entries if each]
        if entries:
            found.append({"title": title, "entries": entries})
    return found


def may_open(page: Page, user) -> bool:
    return not page.permission or user.has_perm(page.permission)


def entry(page: Page, request, badges) -> dict | None:
    try:
        url = reverse(page.view)
    except NoReverseMatch:
        return None
    return {
        "title": page.title,
        "url": url,
        "icon": page.icon,
        "badge": badges.get(page.view, ""),
        "is_current": request.path == url
        or (page.view != "admin:index" and request.path.startswith(url)),
    }
