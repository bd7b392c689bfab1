"""Pages of alert rules."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from audit.admin import AuditedAdmin
from monitoring.forms import RuleForm
from monitoring.models import Rule


@admin.register(Rule)
class RuleAdmin(AuditedAdmin):
    form = RuleForm
    list_display = ("name", "sentence", "channel", "apart", "is_enabled")
    list_select_related = ("channel", "task", "project")

    @admin.display(description=_("when"))
    def sentence(self, rule):
        scope = rule.task or rule.project or (rule.tag and f"#{rule.tag}") or _("any task")
        kinds = ", ".join(str(Rule.Happening(kind).label) for kind in rule.kinds)
        return f"{scope}: {kinds}"
