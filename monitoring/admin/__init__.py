"""Pages of alerts."""

from monitoring.admin import channels, incidents, messages, rules

__all__ = ["channels", "incidents", "messages", "rules"]
