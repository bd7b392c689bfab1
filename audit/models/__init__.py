from audit.models.entry import AuditEntry
from audit.models.token import ApiToken
from audit.models.user import User

__all__ = ["ApiToken", "AuditEntry", "User"]
