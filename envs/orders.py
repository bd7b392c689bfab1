"""Makes the order that a builder gets on its standard input."""

import sys
from urllib.parse import urlsplit

from envs import places
from envs.builder import Order
from envs.models import Build, Environment, PackageIndex
from nodes import home


def own_python() -> str:
    """The Python that Kumo itself runs with."""
    return sys.executable


def make(build: Build) -> Order:
    index = index_for(build.environment)
    urls = index_urls(index) if index else []
    return Order(
        key=build.key,
        directory=str(places.directory(build)),
        python=build.python or own_python(),
        cache_dir=str(places.cache()),
        requirements=build.requirements,
        index_url=urls[0] if urls else "",
        extra_index_urls=urls[1:],
        trusted_hosts=[host(url) for url in urls] if index and index.is_trusted else [],
        by_lock=str(places.by_lock()),
        bell=str(home.bell("keeper")),
    )


def index_for(environment: Environment) -> PackageIndex | None:
    """Return the environment's index, else the default one; None leaves it to the installer."""
    return environment.index or PackageIndex.objects.filter(is_default=True).first()


def index_urls(index: PackageIndex) -> list[str]:
    """Return the index's addresses in the order they are asked in."""
    return [index.url, *(line.strip() for line in index.extra_urls.splitlines() if line.strip())]


def host(url: str) -> str:
    """Return host and port, as the installer wants to hear them."""
    return urlsplit(url).netloc.rpartition("@")[2]
