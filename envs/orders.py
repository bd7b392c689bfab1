"""Makes the order that a builder gets on its standard input."""

import sys
from datetime import timedelta
from urllib.parse import urlsplit

from django.utils import timezone

from envs import places
from envs.builder import Order
from envs.models import Build, Environment, PackageIndex
from nodes import home

# As long as the installer itself trusts what an index said.
RESOLVED_FOR = timedelta(minutes=10)


def own_python() -> str:
    """The Python that Kumo itself runs with."""
    return sys.executable


def make(build: Build) -> Order:
    is_conda = build.kind == Environment.Kind.CONDA
    index = index_for(build.environment)
    urls = index_urls(index) if index else []
    return Order(
        key=build.key,
        directory=str(places.directory(build)),
        kind=build.kind,
        python=build.python or ("" if is_conda else own_python()),
        cache_dir=str(places.cache()),
        requirements=build.requirements,
        lock="" if is_conda else known_lock(build, index),
        index_url=urls[0] if urls else "",
        extra_index_urls=urls[1:],
        trusted_hosts=[host(url) for url in urls] if index and index.is_trusted else [],
        # Files of conda know the directory that they were made for.
        by_lock="" if is_conda else str(places.by_lock()),
        bell=str(home.bell("keeper")),
    )


def known_lock(build: Build, index: PackageIndex | None) -> str:
    """Return what another environment has just resolved the same requirements to, or nothing.

    Building an environment again asks for newer versions, so its own locks are not taken.
    """
    others = (
        Build.objects.filter(
            status=Build.Status.READY,
            kind=build.kind,
            python=build.python,
            requirements=build.requirements,
            finished_at__gte=timezone.now() - RESOLVED_FOR,
        )
        .exclude(environment=build.environment_id)
        .select_related("environment__index")
    )
    found = (other.lock for other in others[:5] if index_for(other.environment) == index)
    return next(found, "")


def index_for(environment: Environment) -> PackageIndex | None:
    """Return the environment's index, else the default one; None leaves it to the installer."""
    return environment.index or PackageIndex.objects.filter(is_default=True).first()


def index_urls(index: PackageIndex) -> list[str]:
    """Return the index's addresses in the order they are asked in."""
    return [index.url, *(line.strip() for line in index.extra_urls.splitlines() if line.strip())]


def host(url: str) -> str:
    """Return host and port, as the installer wants to hear them."""
    return urlsplit(url).netloc.rpartition("@")[2]
