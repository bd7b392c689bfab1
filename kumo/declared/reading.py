"""Reads declarations from YAML, and says by its place what cannot be read."""

from pathlib import Path

import yaml
from django.utils.translation import gettext as _
from pydantic import ValidationError

from kumo.api.environments import EnvironmentIn
from kumo.api.refusals import by_place
from kumo.api.schemas import Given, Slug, Text, Whole
from kumo.api.taskfields import TaskIn


class Wrong(Exception):
    """Declarations that cannot be applied: `errors` is `{place: [sentence]}`."""

    def __init__(self, errors: dict):
        super().__init__(errors)
        self.errors = errors


class ProjectIn(Given):
    slug: Slug
    title: Text = ""
    description: Text = ""
    max_parallel: Whole = 0
    git_url: Text = ""
    git_ref: Text = ""
    files: dict[str, str] = {}


class GroupIn(Given):
    slug: Slug
    title: Text = ""
    max_parallel: Whole = 1


class Declared(Given):
    projects: list[ProjectIn] = []
    environments: list[EnvironmentIn] = []
    groups: list[GroupIn] = []
    tasks: list[TaskIn] = []


def read(paths: list[Path]) -> Declared:
    """Return what all files declare together; raises Wrong."""
    whole = Declared()
    for path in paths:
        for document in documents(path):
            try:
                part = Declared.model_validate(document)
            except ValidationError as problem:
                places = by_place(problem.errors())
                raise Wrong({f"{path.name}: {key}": text for key, text in places.items()}) from None
            for kind in Declared.model_fields:
                getattr(whole, kind).extend(getattr(part, kind))
    check_once(whole)
    return whole


def documents(path: Path) -> list:
    try:
        return [each for each in yaml.safe_load_all(path.read_text()) if each is not None]
    except (OSError, UnicodeDecodeError) as problem:
        raise Wrong({path.name: [str(problem)]}) from None
    except yaml.YAMLError as problem:
        raise Wrong({path.name: [_("This is not YAML: %s") % problem]}) from None


def check_once(whole: Declared) -> None:
    for kind in Declared.model_fields:
        slugs = [each.slug for each in getattr(whole, kind)]
        twice = sorted({slug for slug in slugs if slugs.count(slug) > 1})
        if twice:
            raise Wrong({f"{kind}: {slug}": [_("It is declared twice.")] for slug in twice})
