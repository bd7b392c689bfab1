"""Pages of users and of the roles they are given."""

from django.contrib import admin
from django.contrib.auth import admin as auth_admin
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _

from audit.admin.base import AuditedAdmin
from audit.models import User

admin.site.unregister(Group)


@admin.register(Group)
class RoleAdmin(AuditedAdmin, auth_admin.GroupAdmin):
    pass


@admin.register(User)
class UserAdmin(AuditedAdmin, auth_admin.UserAdmin):
    list_display = ("username", "email", "is_active", "is_staff", "is_superuser", "last_login")
    fieldsets = (
        *auth_admin.UserAdmin.fieldsets,
        (_("Language and time"), {"fields": ("language", "time_zone")}),
    )

    def get_readonly_fields(self, request, obj=None):
        """Only administrators give away what would make somebody an administrator."""
        given = super().get_readonly_fields(request, obj)
        if request.user.is_superuser:
            return given
        return (*given, "is_superuser", "user_permissions", "groups")

    def has_change_permission(self, request, obj=None):
        # Whoever may change the password of a superuser is one.
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_delete_permission(request, obj)
