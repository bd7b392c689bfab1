"""Compiles the translations: `python -m tests.catalogues` says whether that was forgotten.

The compiled files are kept in the repository, because a newcomer's machine has no gettext.
"""

import sys
from pathlib import Path

import polib

LOCALE = Path(__file__).resolve().parent.parent / "locale"


def compiled(source: Path) -> bytes:
    return polib.pofile(str(source)).to_binary()


def sources() -> list[Path]:
    return sorted(LOCALE.glob("*/LC_MESSAGES/*.po"))


def compile_all() -> None:
    for source in sources():
        source.with_suffix(".mo").write_bytes(compiled(source))


def stale() -> list[str]:
    """Return the names of the compiled files that are missing or not of their source."""
    targets = [(source, source.with_suffix(".mo")) for source in sources()]
    return [
        str(target.relative_to(LOCALE.parent))
        for source, target in targets
        if not target.is_file() or texts_of(target) != texts_of_source(source)
    ]


def texts_of(target: Path) -> dict:
    return {
        (each.msgctxt, each.msgid): each.msgstr or each.msgstr_plural
        for each in polib.mofile(str(target))
    }


def texts_of_source(source: Path) -> dict:
    return {
        (each.msgctxt, each.msgid): each.msgstr or each.msgstr_plural
        for each in polib.pofile(str(source)).translated_entries()
    }


if __name__ == "__main__":
    if "--compile" in sys.argv:
        compile_all()
    forgotten = stale()
    print(
        *[f"not compiled: {name}. Run: make messages" for name in forgotten] or ["Compiled."],
        sep="\n",
    )
    sys.exit(bool(forgotten))
