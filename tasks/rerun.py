"""Runs a run again, with the same parameters or with others."""

from tasks.models import Run
from tasks.queue import enqueue


class TaskGone(Exception):
    """The run's task was deleted; its history stays, but there is nothing to run."""


def run_again(run: Run, *, params=None, **fields) -> Run:
    """Return a new run of the same task; `params` of None means the same ones. Raises TaskGone."""
    if run.task is None:
        raise TaskGone
    return enqueue(
        run.task,
        Run.Origin.RERUN,
        params=run.params if params is None else params,
        rerun_of=run,
        **fields,
    )
