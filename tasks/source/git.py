"""Contents that come from a git repository."""

import os
import shutil
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tasks.source import giturl, names
from tasks.source.errors import BadSource
from tasks.source.gitprocess import Git
from tasks.source.limits import DEFAULT, Limits
from tasks.source.staging import staged


@dataclass(frozen=True)
class Listed:
    """A file of a commit, as git lists it."""

    mode: str
    size: int
    name: str


def clone(
    url: str,
    ref: str,
    into: Path,
    *,
    limits: Limits = DEFAULT,
    timeout: float = 120,
    protocols: Sequence[str] = giturl.PROTOCOLS,
    cancel: threading.Event | None = None,
) -> str:
    """Bring a branch, tag or full commit to the directory `into`; return the commit's hash.

    Nothing of the repository is run: no hooks, no filters, no submodules (their folders stay
    empty), and what the commit lists is checked before it is written. `timeout` is in
    seconds for all of it. Raises BadSource, and leaves nothing then.
    """
    url, ref = giturl.check_url(url, protocols), giturl.check_ref(ref)
    with staged(into) as private:
        # The repository lies beside the tree, so that nothing in the tree is read as its settings.
        store = Path(tempfile.mkdtemp(prefix=".git-", dir=into.parent))
        try:
            git = Git(store, private, protocols, timeout, limits.total_bytes, cancel)
            git.run("init", "--quiet", "--template=")
            git.run(*_fetch(url, ref))
            commit = git.run("rev-parse", "--verify", "FETCH_HEAD^{commit}").decode().strip()
            _check(_listed(git.run("ls-tree", "-r", "-z", "-l", commit)), limits)
            git.run("read-tree", commit)
            git.run("checkout-index", "--all", "--quiet")
            _leave_out(private)
        finally:
            shutil.rmtree(store, ignore_errors=True)
    return commit


def _fetch(url: str, ref: str) -> list[str]:
    options = ["--quiet", "--depth=1", "--no-tags", "--no-recurse-submodules", "--no-auto-gc"]
    return ["fetch", *options, "--", url, ref or "HEAD"]


def _listed(output: bytes) -> list[Listed]:
    """Read `ls-tree -z -l`: mode, type, hash, size (or "-") and, after a tab, the name."""
    found = []
    for line in output.split(b"\0"):
        if not line:
            continue
        head, _tab, name = line.partition(b"\t")
        mode, _type, _hash, size = head.split()
        try:
            text = name.decode()
        except UnicodeDecodeError:
            raise BadSource("not_text", ascii(name)) from None
        found.append(Listed(mode.decode(), 0 if size == b"-" else int(size), text))
    return found


def _check(listed: list[Listed], limits: Limits) -> None:
    if len(listed) > limits.files:
        raise BadSource("too_many_files", str(limits.files))
    tree = names.Tree()
    for entry in listed:
        path = names.check(entry.name, limits)
        if entry.mode == "120000":
            raise BadSource("link", entry.name)
        if entry.size > limits.file_bytes:
            raise BadSource("file_too_big", entry.name)
        if entry.mode == "160000":
            tree.add_folder(path)
        else:
            tree.add_file(path)
    if sum(entry.size for entry in listed) > limits.total_bytes:
        raise BadSource("too_big", str(limits.total_bytes))
    if not any(entry.mode != "160000" for entry in listed):
        raise BadSource("empty")


def _leave_out(root: Path) -> None:
    for folder, folders, files in os.walk(root):
        for name in names.LEFT_OUT.intersection(folders):
            shutil.rmtree(Path(folder, name))
            folders.remove(name)
        for name in names.LEFT_OUT.intersection(files):
            Path(folder, name).unlink()
