from monitoring.models.channel import Channel
from monitoring.models.incident import Incident
from monitoring.models.message import Message
from monitoring.models.rule import Rule
from monitoring.models.watermark import Watermark

__all__ = ["Channel", "Incident", "Message", "Rule", "Watermark"]
