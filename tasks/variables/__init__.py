"""Names and values given to runs: global, of a project, of a task; the nearer one wins."""

from tasks.sealing import WrongKey
from tasks.variables.levels import Effective, effective, for_run
from tasks.variables.storing import is_readable, reseal, set_variable

__all__ = ["Effective", "WrongKey", "effective", "for_run", "is_readable", "reseal", "set_variable"]
