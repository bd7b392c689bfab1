import functools
import http.server
import threading
import time

import pytest

from envs import builder, building, keeping, places
from envs.models import Build, PackageIndex
from tests.envs.builder.wheels import simple_index, wheel
from tests.factories import make_environment

DEADLINE = 120


def until(condition):
    """Wait until `condition()` is true and return what it gave."""
    end = time.monotonic() + DEADLINE
    while not (found := condition()):
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)
    return found


class Handler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


@pytest.fixture(autouse=True)
def direct(monkeypatch):
    """What is on this machine is not asked through a proxy."""
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.setenv(name, "127.0.0.1")


@pytest.fixture
def index_url(tmp_path):
    """The address of a package index with alpha 1.0, which needs beta, and beta 1.0 and 2.0."""
    wheels = tmp_path / "wheels"
    made = [wheel(wheels, "alpha", "1.0", needs=("beta>=1",))]
    made += [wheel(wheels, "beta", version) for version in ("1.0", "2.0")]
    simple_index(tmp_path / "index" / "simple", *made)
    handler = functools.partial(Handler, directory=str(tmp_path / "index"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/simple"
        server.shutdown()
        thread.join()


class Yard:
    """Builds environments as the platform does: asked for, started, brought home."""

    def environment(self, requirements="", **fields):
        return make_environment(is_ready=False, kind="venv", requirements=requirements, **fields)

    def start(self, environment) -> Build:
        build = building.request_build(environment)
        building.start_build(build.pk)
        return build

    def wait(self, build: Build) -> Build:
        """Wait for the builder's end and bring it home."""
        until(lambda: not builder.is_held(places.directory(build)))
        keeping.bring_home_builds()
        build.refresh_from_db()
        return build

    def build(self, environment) -> Build:
        build = self.wait(self.start(environment))
        environment.refresh_from_db()
        return build


@pytest.fixture
def yard(index_url):
    PackageIndex.objects.create(slug="near", url=index_url, is_default=True)
    yield Yard()
    for build in Build.objects.select_related("environment"):
        directory = places.directory(build)
        builder.cancel(directory)
        until(lambda held=directory: not builder.is_held(held))
