"""Puts a ready build in the place of the one before it."""

from django.db.models import Q

from envs.models import Build, Environment


def put_to_use(build: Build) -> bool:
    """Let new runs start in this build, unless a later one does; return whether they do."""
    older = Q(current_build=None) | Q(current_build__number__lt=build.number)
    chosen = Environment.objects.filter(older, pk=build.environment_id).values("pk")
    return bool(Environment.objects.filter(pk__in=chosen).update(current_build=build))


def is_of_now(build: Build, environment: Environment) -> bool:
    """Tell whether the environment still asks for what was built."""
    return specification(build) == specification(environment)


def specification(thing: Build | Environment) -> tuple:
    """Return what is built: kind, Python and requirements, whatever the ends of the text."""
    return thing.kind, thing.python, thing.requirements.strip()
