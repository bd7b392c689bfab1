from tasks.models.attempt import Attempt
from tasks.models.event import Event
from tasks.models.failure import Failure, FailureDay
from tasks.models.fire import Fire
from tasks.models.group import ConcurrencyGroup
from tasks.models.maintenance import Maintenance
from tasks.models.project import Project
from tasks.models.retention import Retention
from tasks.models.revision import Revision
from tasks.models.run import Run
from tasks.models.rundays import RunDay
from tasks.models.task import Task
from tasks.models.trigger import Trigger
from tasks.models.variable import Variable

__all__ = [
    "Attempt",
    "ConcurrencyGroup",
    "Event",
    "Failure",
    "FailureDay",
    "Fire",
    "Maintenance",
    "Project",
    "Retention",
    "Revision",
    "Run",
    "RunDay",
    "Task",
    "Trigger",
    "Variable",
]
