"""One build of a conda environment, by conda, mamba or micromamba, whichever is there."""

import json
import os
import shutil
from pathlib import Path

from envs import condaspec
from envs.builder import clone, place
from envs.builder.build import Build
from envs.builder.installer import Failed

NAMES = ("mamba", "micromamba", "conda")
PREFIXES = (
    *("/opt/conda", "/opt/miniconda3", "/opt/miniforge3", "/usr/local/conda"),
    *("~/miniconda3", "~/miniforge3", "~/mambaforge", "~/anaconda3"),
)
NOBODY = "no conda, mamba or micromamba was found on this machine"


def find_conda() -> str | None:
    """Return the path of the first of them that is on PATH or in a usual place."""
    places = os.environ.get("PATH", "").split(os.pathsep)
    places += [os.path.join(os.path.expanduser(prefix), "bin") for prefix in PREFIXES]
    found = (shutil.which(name, path=os.pathsep.join(places)) for name in NAMES)
    return next(filter(None, found), None)


class CondaBuild(Build):
    """Made whole by conda, then pip's part by uv; `conda run` is never trusted with a spider."""

    def _resolve(self) -> None:
        self._conda = find_conda()
        if self._conda is None:
            raise Failed(f"error: {NOBODY}")
        self._spec = condaspec.parse(self._order.requirements)
        if self._spec.problems:
            raise Failed(f"error: invalid requirement: {self._spec.problems[0].detail}")

    def _make_venv(self) -> None:
        asked = self._order.python or "3"
        has_python = any(each.split("=")[0].strip() == "python" for each in self._spec.packages)
        packages = [*self._spec.packages] if has_python else [f"python={asked}"]
        if not has_python:
            packages += self._spec.packages
        channels = [word for each in self._spec.channels for word in ("--channel", each)]
        if channels:
            channels.append("--override-channels")
        prefix = self._directory / place.VENV
        self._installer.run(
            [
                self._conda,
                "create",
                "--yes",
                "--quiet",
                "--prefix",
                str(prefix),
                *channels,
                *packages,
            ]
        )
        # An environment is whole only once its history is written.
        if not (prefix / "conda-meta" / "history").is_file():
            raise Failed("error: conda left an environment without its history")

    def _install(self) -> None:
        if self._spec.pip:
            listed = self._directory / place.LOCKED
            listed.write_text("".join(f"{line}\n" for line in self._spec.pip), encoding="utf-8")
            self._uv("pip", "install", "--python", self._python, "--requirements", str(listed))

    def _verify(self) -> None:
        self._found["python_version"], _machine = self._asked(self._python)
        self._found["interpreter"] = self._python

    def _record(self) -> None:
        super()._record()
        by_conda = [json.loads(path.read_text()) for path in self._records()]
        known = {each["name"].lower().replace("_", "-") for each in self._found["packages"]}
        self._found["packages"] += [
            {"name": each["name"], "version": each["version"]}
            for each in by_conda
            if each["name"].lower() not in known
        ]
        self._found["packages"].sort(key=lambda each: each["name"].lower())
        urls = [each["url"] for each in by_conda if each.get("url")]
        self._found["lock"] = "".join(f"{line}\n" for line in ["@EXPLICIT", *urls, *self._spec.pip])
        self._found["size_bytes"] = clone.size(self._directory / place.VENV)

    def _records(self) -> list[Path]:
        return sorted((self._directory / place.VENV / "conda-meta").glob("*.json"))
