"""Triggers, written in the task's form."""

from django.contrib import admin

from tasks.forms.triggers import TriggerForm
from tasks.models import Trigger


class TriggerInline(admin.StackedInline):
    model = Trigger
    fk_name = "task"
    form = TriggerForm
    extra = 0
    template = "admin/tasks/task/_triggers.html"
    autocomplete_fields = ()
