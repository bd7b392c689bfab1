"""Pages of variables and secrets: a secret's value goes in and never comes out."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from audit.admin import AuditedAdmin
from tasks import variables
from tasks.forms.variables import PasteForm, VariableForm
from tasks.models import Variable
from tasks.variables.levels import LEVELS, MASK, level_of
from tasks.variables.pasting import paste


class LevelFilter(admin.SimpleListFilter):
    title = _("level")
    parameter_name = "level"

    def lookups(self, request, model_admin):
        return LEVELS.items()

    def queryset(self, request, queryset):
        chosen = {
            "global": {"project": None, "task": None},
            "project": {"project__isnull": False},
            "task": {"task__isnull": False},
        }
        return queryset.filter(**chosen.get(self.value(), {}))


@admin.register(Variable)
class VariableAdmin(AuditedAdmin):
    form = VariableForm
    list_display = ("key", "shown_value", "level", "owner", "is_secret", "updated_at")
    list_filter = (LevelFilter, "is_secret", "project")
    list_select_related = ("project", "task")
    search_fields = ("key", "project__slug", "task__slug")
    fields = ("key", "value", "is_secret", "project", "task")
    change_form_template = "admin/tasks/variable/change_form.html"
    change_list_template = "admin/tasks/variable/change_list.html"

    def get_readonly_fields(self, request, obj=None):
        # A secret is sealed for its name and its level; another one is another variable.
        return ("key", "project", "task") if obj else ()

    @admin.display(description=_("value"))
    def shown_value(self, variable):
        return MASK if variable.is_secret else variable.value[:80]

    @admin.display(description=_("level"))
    def level(self, variable):
        return LEVELS[level_of(variable)]

    @admin.display(description=_("of"))
    def owner(self, variable):
        return variable.task or variable.project

    # -- Saving -----------------------------------------------------------------------------

    def save_model(self, request, obj, form, change):
        if form.is_kept():
            return
        saved = variables.set_variable(
            obj.key,
            form.cleaned_data["value"],
            is_secret=obj.is_secret,
            project=obj.project,
            task=obj.task,
        )
        obj.pk = saved.pk
        obj.refresh_from_db()

    # Setting a variable records it, and knows what may be said of it.
    def log_addition(self, request, obj, message):
        return admin.ModelAdmin.log_addition(self, request, obj, message)

    def log_change(self, request, obj, message):
        return admin.ModelAdmin.log_change(self, request, obj, message)

    # -- Further pages ----------------------------------------------------------------------

    def change_view(self, request, object_id, form_url="", extra_context=None):
        variable = self.get_object(request, object_id)
        is_secret = bool(variable and variable.is_secret)
        is_unreadable = is_secret and not variables.is_readable(variable)
        context = {"is_unreadable": is_unreadable, "is_set": is_secret and not is_unreadable}
        return super().change_view(
            request, object_id, form_url, {**context, **(extra_context or {})}
        )

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("paste/", wrap(self.paste), name="tasks_variable_paste"),
            *super().get_urls(),
        ]

    def paste(self, request):
        if not (self.has_add_permission(request) and self.has_change_permission(request)):
            raise PermissionDenied
        form = PasteForm(request.POST or None)
        if request.method == "POST" and form.is_valid() and (number := self.take(form)):
            text = ngettext("%(count)s variable was set.", "%(count)s variables were set.", number)
            messages.success(request, text % {"count": number})
            return HttpResponseRedirect(reverse("admin:tasks_variable_changelist"))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Paste a .env file"),
            "opts": self.opts,
            "form": form,
        }
        return TemplateResponse(request, "admin/tasks/variable/paste.html", context)

    def take(self, form: PasteForm) -> int:
        """Set what was pasted; return how many, or 0 with the mistakes at the form's field."""
        given = dict(form.cleaned_data)
        try:
            found = paste(given.pop("text"), **given)
        except ValidationError as problem:
            form.add_error("text", problem.messages)
            return 0
        if not found:
            form.add_error("text", _("There is no variable in this text."))
        return len(found)
