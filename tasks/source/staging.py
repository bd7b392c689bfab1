"""Contents are written to a private directory first and appear whole, or not at all."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def staged(into: Path) -> Iterator[Path]:
    """Give a private directory that becomes `into` when the block ends without an error.

    `into` must be absent or empty. Nothing is left behind after an error.
    """
    into.parent.mkdir(parents=True, exist_ok=True)
    private = Path(tempfile.mkdtemp(prefix=".new-", dir=into.parent))
    try:
        yield private
        os.rename(private, into)
    except BaseException:
        shutil.rmtree(private, ignore_errors=True)
        raise
