import os
import subprocess
import sys

import pytest

from envs.builder.conda import find_conda
from tests.envs.builder import conda as tools
from tests.envs.builder.wheels import wheel

VERSION = ".".join(map(str, sys.version_info[:3]))


@pytest.fixture(scope="session")
def conda(tmp_path_factory):
    """The directory of a real conda, and the address of a channel with Python and a package."""
    root = tmp_path_factory.mktemp("conda")
    try:
        programs = tools.make_conda(root / "conda")
    except (tools.NoConda, subprocess.SubprocessError) as problem:
        pytest.skip(f"NO CONDA CAN BE MADE HERE, so its builds are not tested: {problem}")
    made = wheel(root / "wheels", "gamma", "1.0")
    return programs, tools.make_channel(root / "channel", programs, [made])


@pytest.fixture
def build(conda, workshop, monkeypatch):
    """Build a conda environment from this text; return its directory and its outcome."""
    programs, channel = conda
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    monkeypatch.setenv("HOME", str(workshop.root))
    monkeypatch.setenv("CONDA_OVERRIDE_CUDA", "")

    def run(name: str, text: str, **more):
        text = text.replace("CHANNEL", channel)
        return workshop.build(name, text, kind="conda", **({"python": ""} | more))

    return run


def imports(outcome, module: str) -> bool:
    asked = [outcome.interpreter, "-c", f"import {module}"]
    return subprocess.run(asked, check=False, capture_output=True).returncode == 0


def test_packages_of_conda_and_of_pip_are_installed_and_recorded(build):
    directory, outcome = build("lines", "channel: CHANNEL\ngamma\npip: alpha\n")
    assert outcome.status == "ready", outcome.detail
    assert outcome.python_version == VERSION
    names = {each["name"]: each["version"] for each in outcome.packages}
    assert names["gamma"] == "1.0"
    assert names["alpha"] == "1.0"
    assert names["python"] == VERSION
    assert imports(outcome, "gamma")
    assert imports(outcome, "alpha")
    assert outcome.lock.startswith("@EXPLICIT")
    assert (directory / "venv" / "conda-meta" / "history").is_file()


def test_an_environment_file_is_read_as_conda_reads_it(build):
    text = f"""
name: shop
channels: [CHANNEL]
dependencies:
  - python={VERSION}
  - gamma=1.0
  - pip:
      - beta
"""
    _directory, outcome = build("file", text)
    assert outcome.status == "ready", outcome.detail
    assert imports(outcome, "beta")


def test_a_package_that_is_nowhere_is_said_and_leaves_no_environment(build):
    directory, outcome = build("missing", "channel: CHANNEL\nno-such-package\n")
    assert (outcome.status, outcome.reason) == ("failed", "no_match")
    assert "no-such-package" in outcome.detail
    assert not (directory / "venv").exists()


def test_a_machine_without_conda_says_what_is_missing(workshop, monkeypatch):
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    monkeypatch.setenv("HOME", str(workshop.root))
    assert find_conda() is None
    _directory, outcome = workshop.build("none", "gamma\n", kind="conda", python="")
    assert (outcome.status, outcome.reason) == ("failed", "no_conda")
