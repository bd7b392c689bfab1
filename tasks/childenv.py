"""The whole environment of a spider: an allow-list, then variables, then Kumo's own names."""

import json
import os

from django.conf import settings

from envs import running
from tasks import variables
from tasks.models import Attempt

PASSED_ON = (
    "HOME",
    "LANG",
    "LC_ALL",
    "TZ",
    "TMPDIR",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "REQUESTS_CA_BUNDLE",
)
SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin"


def child_environment(attempt: Attempt) -> tuple[dict, list[str]]:
    """Return the spider's environment and the secrets in it, which the supervisor masks.

    Raises tasks.variables.WrongKey when a secret cannot be read.
    """
    run = attempt.run
    env = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    env.setdefault("LANG", "C.UTF-8")
    env["PATH"] = path(run.build)
    given, secrets = variables.for_run(run.task)
    env.update(given)
    env.update(own_names(attempt))
    return env, secrets


def path(build) -> str:
    return ":".join([*running.path_entries(build), os.environ.get("PATH", SYSTEM_PATH)])


def own_names(attempt: Attempt) -> dict[str, str]:
    run = attempt.run
    names = {
        "KUMO_RUN_ID": str(run.pk),
        "KUMO_ATTEMPT_ID": attempt.key,
        "KUMO_ATTEMPT_NUMBER": str(attempt.number),
        "KUMO_TASK": run.task_slug,
        "KUMO_PROJECT": run.project_slug,
        "KUMO_OUTPUT_DIR": str(attempt.spool / "output"),
        "PYTHONUNBUFFERED": "1",
    }
    if run.upstream_run_id:
        names["KUMO_UPSTREAM_RUN_ID"] = str(run.upstream_run_id)
    host, port = settings.KUMO_BIND
    site = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    names["KUMO_DEMO_SITE"] = f"{site}/static/demo-site/index.html"
    names.update({f"KUMO_PARAM_{key.upper()}": as_text(value) for key, value in run.params.items()})
    return names


def as_text(value) -> str:
    return value if isinstance(value, str) else json.dumps(value)
