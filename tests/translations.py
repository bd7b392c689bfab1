"""Checks that every text is translated: `python -m tests.translations` prints what is not."""

import shutil
import subprocess
import sys
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
EXTRACT = (
    sys.executable,
    "manage.py",
    "makemessages",
    "--locale=zh_Hans",
    "--no-obsolete",
    "--add-location=file",
    "--no-wrap",
    "--ignore=.venv",
    "--ignore=node_modules",
    "--ignore=var",
    "--ignore=tests",
    "--ignore=bench",
    "--ignore=examples",
)


def extract() -> None:
    """Bring the catalogue up to date with the sources."""
    if not shutil.which("xgettext"):
        sys.exit("xgettext is not there. Install gettext.")
    subprocess.run(EXTRACT, cwd=ROOT, check=True, capture_output=True)


def texts(catalogue: polib.POFile) -> set:
    return {(entry.msgctxt, entry.msgid) for entry in catalogue if not entry.obsolete}


def problems() -> list[str]:
    before = texts(polib.pofile(str(CATALOGUE)))
    extract()
    catalogue = polib.pofile(str(CATALOGUE))
    found = [f"not in the catalogue: {text}" for _context, text in texts(catalogue) - before]
    found += [f"not translated: {entry.msgid}" for entry in catalogue.untranslated_entries()]
    found += [f"only guessed (fuzzy): {entry.msgid}" for entry in catalogue.fuzzy_entries()]
    check = subprocess.run(
        ("msgfmt", "--check-format", "-o", "/dev/null", str(CATALOGUE)),
        capture_output=True,
        text=True,
        check=False,
    )
    if check.returncode:
        found.append(check.stderr.strip())
    return found


if __name__ == "__main__":
    found = problems()
    print(*found or ["Every text is translated."], sep="\n")
    sys.exit(bool(found))
