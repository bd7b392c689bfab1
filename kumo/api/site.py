"""The REST API below /api/v1."""

from ninja import NinjaAPI

from kumo.api import (
    artifacts,
    builds,
    environments,
    fires,
    logs,
    nodes,
    projects,
    refusals,
    runs,
    stats,
    tasks,
    tokens,
    variables,
)
from kumo.api.bodies import StrictParser

api = NinjaAPI(
    title="Kumo",
    version="1",
    urls_namespace="api",
    description="Projects, environments, tasks, runs and their logs.",
    docs_url=None,
    openapi_url=None,
    parser=StrictParser(),
)
refusals.install(api)
for prefix, router, tag in (
    ("/projects", projects.router, "projects"),
    ("/environments", environments.router, "environments"),
    ("/builds", builds.router, "builds"),
    ("/builds", logs.of_builds, "logs"),
    ("/variables", variables.router, "variables"),
    ("/tasks", tasks.router, "tasks"),
    ("/fires", fires.router, "tasks"),
    ("/runs", runs.router, "runs"),
    ("/runs", logs.of_runs, "logs"),
    ("/runs", artifacts.router, "artifacts"),
    ("/stats", stats.router, "stats"),
    ("/nodes", nodes.router, "nodes"),
    ("/tokens", tokens.router, "tokens"),
):
    api.add_router(prefix, router, tags=[tag])
