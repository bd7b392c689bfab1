"""Writes down what there is, in the form that is read again."""

from envs.models import Environment
from kumo.api import taskfields
from kumo.api.triggers import TriggerIn
from kumo.api.triggers import shown as shown_trigger
from tasks.models import ConcurrencyGroup, Project, Task
from tasks.source import tree
from tasks.source.errors import BadSource

FILES_AT_MOST = 50
BYTES_AT_MOST = 256 * 1024
PROJECT_FIELDS = ("slug", "title", "description", "max_parallel")
ENVIRONMENT_FIELDS = ("slug", "title", "kind", "python", "requirements")


def document() -> dict:
    """Return everything that can be declared; values that are defaults are left out."""
    found = {
        "projects": [project(each) for each in Project.objects.select_related("current_revision")],
        "environments": [environment(each) for each in Environment.objects.select_related("index")],
        "groups": [group(each) for each in ConcurrencyGroup.objects.all()],
        "tasks": [
            task(each)
            for each in Task.objects.select_related(
                "project", "environment", "node", "revision"
            ).prefetch_related("groups")
        ],
    }
    return {kind: rows for kind, rows in found.items() if rows}


def said(model, row: dict) -> dict:
    """Return the row without what its model has by default."""
    defaults = {field.name: field.get_default() for field in model._meta.fields}
    return {
        name: value
        for name, value in row.items()
        if name in ("slug", "kind") or value not in (None, "", [], defaults.get(name))
    }


def project(row: Project) -> dict:
    found = said(Project, {name: getattr(row, name) for name in PROJECT_FIELDS})
    if row.git_url:
        return found | {"git_url": row.git_url} | ({"git_ref": row.git_ref} if row.git_ref else {})
    texts = files(row)
    return found | ({"files": texts} if texts else {})


def files(row: Project) -> dict[str, str]:
    """Return the texts of a small project; nothing for one that is large or not all text."""
    if row.current_revision is None or not row.current_revision.directory.is_dir():
        return {}
    root = row.current_revision.directory
    listed = tree.files(root)
    if len(listed) > FILES_AT_MOST or sum(file.size for file in listed) > BYTES_AT_MOST:
        return {}
    try:
        texts = {file.path: tree.view(root, file.path).text for file in listed}
    except BadSource:
        return {}
    return {} if None in texts.values() else texts


def environment(row: Environment) -> dict:
    found = said(Environment, {name: getattr(row, name) for name in ENVIRONMENT_FIELDS})
    return found | ({"index": row.index.slug} if row.index else {})


def group(row: ConcurrencyGroup) -> dict:
    kept = {"slug": row.slug, "title": row.title, "max_parallel": row.max_parallel}
    return said(ConcurrencyGroup, kept) | {"max_parallel": row.max_parallel}


def task(row: Task) -> dict:
    shown = taskfields.shown(row)
    kept = {name: shown[name] for name in taskfields.TaskIn.model_fields if name != "triggers"}
    kept["revision"] = shown["revision"]
    found = said(Task, {name: value for name, value in kept.items() if name != "enabled"})
    if not shown["enabled"]:
        found["enabled"] = False
    triggers = [trigger(each) for each in row.triggers.select_related("upstream")]
    order = ("slug", "project", "environment", "command")
    rest = {name: found[name] for name in sorted(found.keys() - set(order))}
    found = {name: found[name] for name in order} | rest
    return found | ({"triggers": triggers} if triggers else {})


def trigger(row) -> dict:
    shown = shown_trigger(row)
    defaults = {name: field.default for name, field in TriggerIn.model_fields.items()}
    found = {}
    for name in TriggerIn.model_fields:
        value = shown[name]
        if name in ("kind", "time_zone") or value not in (None, "", defaults[name]):
            found[name] = value.isoformat() if hasattr(value, "isoformat") else value
    if found["kind"] == "after":
        del found["time_zone"]
    return found
