"""A whole real Kumo for tests: `manage.py up` in a data directory of its own, on a free port."""

import contextlib
import functools
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
import requests

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 90.0
LOOK_EVERY = 0.05
PREPARE = """
import sys
from django.core.management.base import OutputWrapper
from kumo import preparation
preparation.prepare(OutputWrapper(sys.stdout))
"""
TERMINAL = {"succeeded", "failed", "timed_out", "canceled", "lost", "skipped"}


class Installation:
    """Starts, asks, breaks and ends a Kumo; `variables` are its settings.

    Its data directory begins as a copy of a prepared one, unless it is to be fresh.
    """

    def __init__(self, home: Path, is_fresh: bool = False, **variables: str):
        self.home = home
        if not is_fresh:
            shutil.copytree(prepared(), home)
        self.output = home.with_name(f"{home.name}.log")
        self.variables = variables
        self.process = None
        self.url = ""
        self._token = ""

    # -- its life ------------------------------------------------------------------------------
    def start(self) -> None:
        """Start it and wait until it says where it is; the database stays from before."""
        began = self.output.stat().st_size if self.output.exists() else 0
        self.process = self.spawn()
        self.url = wait_for(lambda: self.said(r"Kumo is at (http://\S+)/", began), self.last_words)

    def spawn(self, *arguments: str) -> subprocess.Popen:
        """Start `manage.py up` without waiting for anything."""
        command = [sys.executable, "manage.py", "up", "--bind", "127.0.0.1:0", *arguments]
        with self.output.open("ab") as output:
            return subprocess.Popen(
                command, cwd=ROOT, env=self.environment(), stdout=output, stderr=output
            )

    def stop(self, number: int = signal.SIGTERM) -> int:
        """End it as a service manager does; return the exit status."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)

    def end(self) -> None:
        """End whatever is left: the platform, supervisors and spiders."""
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for process in self.everybody():
            kill(process)

    def environment(self) -> dict[str, str]:
        foreign = ("KUMO_", "DATABASE_URL", "DJANGO_")
        kept = {name: v for name, v in os.environ.items() if not name.startswith(foreign)}
        own = {"KUMO_HOME": str(self.home), "KUMO_NODE_NAME": "here", "PYTHONUNBUFFERED": "1"}
        return kept | own | self.variables

    # -- what it says --------------------------------------------------------------------------
    def output_text(self) -> str:
        return self.output.read_text(errors="replace") if self.output.exists() else ""

    def last_words(self) -> str:
        return self.output_text()[-3000:]

    def said(self, pattern: str, after: int = 0) -> str:
        said = self.output.read_bytes()[after:].decode(errors="replace")
        found = re.search(pattern, said)
        if not found and self.process.poll() is not None:
            raise AssertionError(f"Kumo ended before it answered:\n{self.last_words()}")
        return found[1] if found else ""

    @property
    def password(self) -> str:
        return (self.home / "first-password").read_text().strip()

    def manage(self, *arguments: str, **options) -> subprocess.CompletedProcess:
        """Run one of Kumo's commands on this data directory."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            **options,
        )

    def run_code(self, code: str) -> str:
        """Run Python with Kumo set up, as another process of it would; return what it prints."""
        done = self.manage("shell", "--no-imports", "-c", code)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    # -- its pages and its API -----------------------------------------------------------------
    @property
    def token(self) -> str:
        if not self._token:
            done = self.manage("createtoken", "admin", "--name", "tests", "--scope", "write")
            assert done.returncode == 0, done.stderr
            self._token = done.stdout.split()[-1]
        return self._token

    def sign_in(self) -> requests.Session:
        """Return a session of the first administrator."""
        session = requests.Session()
        page = f"{self.url}/admin/login/"
        session.get(page, timeout=PATIENCE).raise_for_status()
        answer = session.post(
            page,
            {
                "username": "admin",
                "password": self.password,
                "csrfmiddlewaretoken": session.cookies["kumo_csrf"],
                "next": "/admin/",
            },
            headers={"Referer": page},
            timeout=PATIENCE,
        )
        assert answer.status_code == 200, answer.text
        return session

    def call(self, method: str, path: str, **options) -> requests.Response:
        """Call the API with the token; `path` begins after /api/v1."""
        headers = {"Authorization": f"Bearer {self.token}"}
        return requests.request(
            method, f"{self.url}/api/v1{path}", headers=headers, timeout=PATIENCE, **options
        )

    def ask(self, method: str, path: str, **options):
        """Call the API and return the answer's content; anything but 2xx is an error."""
        answer = self.call(method, path, **options)
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    # -- spiders -------------------------------------------------------------------------------
    def make_environment(self, slug: str = "python", **fields) -> None:
        """Make an environment, by default of the tests' own interpreter, and wait for it."""
        fields = {"slug": slug, "kind": "system", "python": sys.executable} | fields
        self.ask("POST", "/environments", json=fields)
        self.wait_for_environment(slug)

    def wait_for_environment(self, slug: str, patience: float = PATIENCE) -> dict:
        def ready():
            answer = self.ask("GET", f"/environments/{slug}")
            assert answer["status"] != "failed", answer
            return answer if answer["status"] == "ready" else None

        return wait_for(ready, self.last_words, patience)

    def make_task(self, slug: str, files: dict[str, str], command: str, **fields) -> None:
        """Make a project of that name from the files, and a task that runs the command in it."""
        fields = {"environment": "python"} | fields
        form = {"slug": (None, slug), "files": (None, json.dumps(files))}
        self.ask("POST", "/projects", files=form)
        self.ask(
            "POST", "/tasks", json={"slug": slug, "project": slug, "command": command} | fields
        )

    def start_run(self, task: str, **fields) -> int:
        return self.ask("POST", f"/tasks/{task}/runs", json=fields)["id"]

    def run(self, run_id: int) -> dict:
        return self.ask("GET", f"/runs/{run_id}")

    def wait_for_run(self, run_id: int, *statuses: str, patience: float = PATIENCE) -> dict:
        """Wait until the run has one of the statuses, by default any of those that are ends."""
        wanted = set(statuses) or TERMINAL

        def there():
            answer = self.run(run_id)
            if answer["status"] in wanted:
                return answer
            assert answer["status"] not in TERMINAL, answer
            return None

        return wait_for(there, self.last_words, patience)

    def lines(self, run_id: int) -> list[str]:
        answer = self.ask("GET", f"/runs/{run_id}/log?first=0&count=1000")
        return [line["text"] for line in answer["lines"]]

    # -- processes -----------------------------------------------------------------------------
    def members(self) -> dict[str, psutil.Process]:
        """Return the processes that `up` forked, by their names."""
        children = psutil.Process(self.process.pid).children()
        return {member_name(each): each for each in children}

    def platform(self) -> list[psutil.Process]:
        """Return every process of the platform but `up`; neither supervisors nor spiders."""
        children = psutil.Process(self.process.pid).children()
        return [each for member in children for each in (member, *member.children(recursive=True))]

    def everybody(self) -> list[psutil.Process]:
        """Return every process that belongs to this data directory, spiders included."""
        mark = str(self.home)
        return [each for each in psutil.process_iter() if mark in about(each)]


@contextlib.contextmanager
def temporary(**variables: str):
    """Give a Kumo that runs in a temporary directory, with an environment; for benchmarks."""
    with tempfile.TemporaryDirectory(prefix="kumo-bench-") as directory:
        installation = Installation(Path(directory) / "home", is_fresh=True, **variables)
        try:
            installation.start()
            installation.make_environment()
            yield installation
        finally:
            installation.end()


@functools.cache
def prepared() -> Path:
    """Return a data directory with its tables, static files and administrator, made once."""
    home = Path(os.environ["KUMO_HOME"]) / "prepared"
    Installation(home, is_fresh=True).run_code(PREPARE)
    return home


def member_name(process: psutil.Process) -> str:
    # The launcher is another program, and has that one's name.
    if "launcher" in process.cmdline():
        return "launcher"
    return process.name().removeprefix("kumo-")


def about(process: psutil.Process) -> str:
    """Return what tells whose process it is: its command and its KUMO_ variables."""
    try:
        own = [v for name, v in process.environ().items() if name.startswith("KUMO_")]
        return " ".join([*process.cmdline(), *own])
    except psutil.Error:
        return ""


def is_alive(process: psutil.Process) -> bool:
    """Tell whether it still runs; what waits only to be reaped by its parent does not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def kill(process: psutil.Process) -> None:
    try:
        process.kill()
        process.wait(PATIENCE)
    except psutil.NoSuchProcess:
        pass


def wait_for(condition, explain=lambda: "", patience: float = PATIENCE):
    """Return the condition's first true value; fails after the patience, with the explanation."""
    deadline = time.monotonic() + patience
    while not (value := condition()):
        assert time.monotonic() < deadline, f"It did not come in {patience} s. {explain()}"
        time.sleep(LOOK_EVERY)
    return value
