"""Says loudly which real part this machine lacks: `python -m tests.parts`."""

import os
import shutil
import sys

from tests import databases
from tests.envs.builder import conda

INSTALL = "On Debian: apt-get install"


def missing(with_browser: bool = False) -> list[str]:
    """Return a sentence for every part that tests start and that is not there."""
    found = []
    try:
        databases.binary("postgres")
    except databases.NoServer:
        found.append(
            f"PostgreSQL is not there: the database tests run on SQLite only. {INSTALL} postgresql"
        )
    if not shutil.which("git"):
        found.append(f"git is not there: tests of git projects will fail. {INSTALL} git")
    if not shutil.which("xgettext"):
        found.append(f"gettext is not there: `make check` will fail. {INSTALL} gettext")
    if not conda.TOOLS.is_dir():
        found.append("What a conda is made with is not there: builds by conda are not tested.")
    if with_browser and not shutil.which("chromium"):
        found.append(f"Chromium is not there: browser tests will fail. {INSTALL} chromium")
    return found


if __name__ == "__main__":
    sentences = missing("--browser" in sys.argv)
    for sentence in sentences:
        print(f"!! {sentence}", file=sys.stderr)
    if os.environ.get("KUMO_NO_MISSING_PARTS") and sentences:
        sys.exit(1)
