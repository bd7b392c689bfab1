"""What a run keeps of its task when it first starts, so that later edits leave it as it was."""

from tasks.models import Run

KEPT = (
    "command",
    "workdir",
    "timeout",
    "silence_timeout",
    "stop_signal",
    "grace",
    "log_limit_mb",
    "memory_limit_mb",
    "retry_count",
    "retry_delay",
    "retry_backoff",
    "retry_cap",
    "retry_jitter",
    "retry_on",
    "retry_exit_codes",
    "repeat_lost",
)


def snapshot(run: Run) -> dict:
    """Return the fields of the run that fix its content: `snapshot`, `revision` and `build`."""
    task = run.task
    kept = {name: getattr(task, name) for name in KEPT}
    kept["environment"] = task.environment.slug
    kept["variables"] = [*task.variables.values_list("key", flat=True)]
    return {
        "snapshot": kept,
        "revision": run.revision or task.revision or task.project.current_revision,
        "build": task.environment.current_build,
    }
