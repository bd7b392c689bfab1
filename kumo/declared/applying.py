"""Makes what there is as it is declared; what is not declared stays as it is."""

from django.db import transaction

from audit.changes import editable
from audit.recording import record
from envs import building
from envs.models import Environment
from kumo.api import environments as environment_calls
from kumo.api import taskfilling
from kumo.api.refusals import Refused, refusal_of
from kumo.api.tasks import save as save_task
from kumo.declared import exporting
from kumo.declared.reading import Declared, Wrong
from tasks import revisions
from tasks.models import ConcurrencyGroup, Project, Task
from tasks.source import words
from tasks.source.errors import BadSource

ROW_FIELDS = ("title", "description", "max_parallel")


def apply(declared: Declared, user=None, is_dry: bool = False) -> list[str]:
    """Apply it, and return what differs: lines such as `~ tasks.shop.timeout: 0 -> 60`.

    A dry run does all of it in a transaction that is taken back, and brings no contents.
    Raises Wrong, and then nothing in the database has changed.
    """
    before = flat(exporting.document())
    contents = [] if is_dry else [each for each in declared.projects if take_in(each, user)]
    with transaction.atomic():
        for kind, work in WORK.items():
            for each in getattr(declared, kind):
                attempt(kind, each, work)
        for each in declared.tasks:
            attempt("tasks", each, set_triggers)
        changed = differences(before, flat(exporting.document()))
        if is_dry:
            changed += planned_contents(declared, changed)
            transaction.set_rollback(True)
        elif changed or contents:
            record("apply", None, {"changes": changed[:200]}, user=user)
    if not is_dry:
        build_changed(changed, user)
    return changed


def attempt(kind: str, each, work) -> None:
    """Do the work on one item; what refuses it is said with its place."""
    try:
        work(each)
    except Exception as problem:
        refused = problem if isinstance(problem, Refused) else refusal_of(problem)
        if refused is None:
            raise
        errors = refused.errors or {"": [str(refused.detail)]}
        place = f"{kind}.{each.slug}"
        raise Wrong({f"{place}.{name}".rstrip("."): texts for name, texts in errors.items()}) from (
            problem
        )


def take_in(each, user) -> bool:
    """Bring a project's content when it is another than the one in use; True when it was."""
    project = Project.objects.select_related("current_revision").filter(slug=each.slug).first()
    source = source_of(each)
    if source is None or (project and is_same(project, each)):
        return False
    try:
        if project is None:
            revisions.create_project(each.slug, each.title, source, user)
        else:
            revisions.add_revision(project, source, user)
    except BadSource as bad:
        raise Wrong({f"projects.{each.slug}": [words.sentence(bad)]}) from None
    return True


def source_of(each):
    if each.git_url:
        return revisions.Git(each.git_url, each.git_ref)
    return revisions.Files(each.files) if each.files else None


def is_same(project: Project, each) -> bool:
    if each.git_url:
        # What a branch holds now is only known by asking; `Pull` on the page does.
        return (project.git_url, project.git_ref) == (each.git_url, each.git_ref)
    return exporting.files(project) == each.files


def set_project(each) -> None:
    project = Project.objects.filter(slug=each.slug).first() or Project(slug=each.slug)
    for name in each.model_fields_set.intersection(ROW_FIELDS):
        setattr(project, name, getattr(each, name))
    project.full_clean()
    project.save(update_fields=[*ROW_FIELDS, "updated_at"] if project.pk else None)


def set_group(each) -> None:
    row = ConcurrencyGroup.objects.filter(slug=each.slug).first()
    row = row or ConcurrencyGroup(slug=each.slug)
    for name in each.model_fields_set:
        setattr(row, name, getattr(each, name))
    row.full_clean()
    row.save()


def set_environment(each) -> None:
    row = Environment.objects.filter(slug=each.slug).first() or Environment()
    environment_calls.fill(row, each.model_dump(exclude_unset=True))
    row.save(update_fields=[*editable(Environment), "updated_at"] if row.pk else None)


def set_task(each) -> None:
    """Set all but the triggers: one may wait for a task that is declared further down."""
    data = each.model_copy(update={"triggers": None})
    data.model_fields_set.discard("triggers")
    task = Task.objects.filter(slug=each.slug).first() or Task()
    groups, _triggers = taskfilling.fill(task, data)
    save_task(task, groups, None)


def set_triggers(each) -> None:
    if each.triggers is not None:
        task = Task.objects.get(slug=each.slug)
        groups, wanted = taskfilling.fill(task, each)
        save_task(task, groups, wanted)


WORK = {
    "groups": set_group,
    "environments": set_environment,
    "projects": set_project,
    "tasks": set_task,
}


def planned_contents(declared: Declared, changed: list[str]) -> list[str]:
    """Return lines on the contents that a dry run does not bring."""
    found = []
    for each in declared.projects:
        project = Project.objects.select_related("current_revision").get(slug=each.slug)
        if source_of(each) is not None and not is_same(project, each):
            found.append(f"~ projects.{each.slug}: {source_of(each).name or 'files'}")
    return [line for line in found if line not in changed]


def build_changed(changed: list[str], user) -> None:
    """Begin a build of each environment whose specification is another now."""
    fields = {"kind", "python", "requirements", "index"}
    slugs = {
        place[1]
        for place in (line[2:].split(":")[0].split(".") for line in changed)
        if place[0] == "environments" and place[-1] in fields
    }
    for environment in Environment.objects.filter(slug__in=slugs):
        try:
            building.request_build(environment, user)
        except building.BuildGoing:
            continue


def flat(document: dict) -> dict[str, object]:
    """Return the document's values by their places: `tasks.shop.timeout`."""
    return {
        f"{kind}.{row['slug']}.{name}": value
        for kind, rows in document.items()
        for row in rows
        for name, value in row.items()
    }


def differences(before: dict, after: dict) -> list[str]:
    lines = []
    for place in sorted(before.keys() | after.keys()):
        old, new = before.get(place), after.get(place)
        if place not in before:
            lines.append(f"+ {place}: {new}")
        elif place not in after:
            lines.append(f"- {place}: {old}")
        elif old != new:
            lines.append(f"~ {place}: {old} -> {new}")
    return lines
