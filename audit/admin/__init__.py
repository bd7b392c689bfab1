from audit.admin.base import AuditedAdmin, ReadOnlyAdmin
from audit.admin.entries import AuditEntryAdmin
from audit.admin.tokens import ApiTokenAdmin
from audit.admin.users import RoleAdmin, UserAdmin

__all__ = [
    "ApiTokenAdmin",
    "AuditEntryAdmin",
    "AuditedAdmin",
    "ReadOnlyAdmin",
    "RoleAdmin",
    "UserAdmin",
]
