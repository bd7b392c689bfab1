"""What differs between a run and the task's last success before it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from tasks.lengths import length
from tasks.models import Run


@dataclass
class Difference:
    title: str
    before: str
    now: str


def last_success(run: Run) -> Run | None:
    earlier = Run.objects.filter(task=run.task_id, status=Run.Status.SUCCEEDED, pk__lt=run.pk)
    return earlier.select_related("revision", "build", "node").order_by("-pk").first()


def differences(run: Run, other: Run) -> list[Difference]:
    """Return what is not the same: code, command, packages, variables' names, parameters, node."""
    pairs = [
        (_("Revision"), other.revision, run.revision),
        (_("Command"), other.snapshot.get("command"), run.snapshot.get("command")),
        (_("Build"), other.build, run.build),
        (_("Variables"), names(other), names(run)),
        (_("Node"), other.node, run.node),
        (_("Duration"), length(other.duration), length(run.duration)),
        *((key, other.params.get(key), run.params.get(key)) for key in keys(run, other)),
        *packages(other, run),
    ]
    return [
        Difference(str(title), shown(before), shown(now))
        for title, before, now in pairs
        if before != now
    ]


def shown(value) -> str:
    return "–" if value in (None, "") else str(value)


def names(run: Run) -> str:
    return ", ".join(sorted(run.snapshot.get("variables", [])))


def keys(*runs: Run) -> list[str]:
    return sorted({key for run in runs for key in run.params})


def packages(before: Run, now: Run) -> list[tuple]:
    """Return (name, version, version) of packages whose versions differ."""
    if before.build_id == now.build_id or not (before.build and now.build):
        return []
    old, new = versions(before.build), versions(now.build)
    return [(name, old.get(name), new.get(name)) for name in sorted(old.keys() | new.keys())]


def versions(build) -> dict:
    return {each["name"]: each["version"] for each in build.packages}
