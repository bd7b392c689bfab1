"""The file of a backup: what is in it, how it is written, and how it proves itself."""

import hashlib
import json
import os
import tarfile
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

MANIFEST = "manifest.json"
FORMAT = 1
CHUNK = 1 << 20


class BadBackup(Exception):
    """A file that is no backup, or a damaged one; the text names what is wrong."""


@dataclass
class Manifest:
    """What a backup says of itself: versions, counts of rows, and a checksum for each file."""

    format: int = FORMAT
    kumo: str = ""
    vendor: str = ""
    made_at: str = ""
    migrations: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    has_key: bool = False


def checksum(stream) -> str:
    return hashlib.file_digest(stream, "sha256").hexdigest()


def files_below(root: Path) -> Iterator[Path]:
    return (path for path in sorted(root.rglob("*")) if path.is_file() and not path.is_symlink())


def pack(content: Path, manifest: Manifest, target: Path) -> None:
    """Write the directory `content` and its manifest to `target`, beside it first, then renamed."""
    for path in files_below(content):
        with path.open("rb") as stream:
            manifest.files[path.relative_to(content).as_posix()] = checksum(stream)
    (content / MANIFEST).write_text(json.dumps(asdict(manifest), indent=1))
    part = target.with_name(f".{target.name}.part")
    try:
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
            with tarfile.open(fileobj=stream, mode="w:gz", compresslevel=3) as archive:
                archive.add(content / MANIFEST, MANIFEST)
                for name in manifest.files:
                    archive.add(content / name, name)
            stream.flush()
            os.fsync(stream.fileno())
        verify(part)
        part.rename(target)
    finally:
        part.unlink(missing_ok=True)


def read_manifest(archive: tarfile.TarFile) -> Manifest:
    first = archive.next()
    if first is None or first.name != MANIFEST:
        raise BadBackup("manifest.json is not the first file in it")
    found = json.load(archive.extractfile(first))
    if found.get("format") != FORMAT:
        raise BadBackup(f"its format is {found.get('format')}, not {FORMAT}")
    return Manifest(**found)


def verify(file: Path) -> Manifest:
    """Read the whole backup and compare every checksum; BadBackup names the first wrong one."""
    try:
        with tarfile.open(file, "r:gz") as archive:
            manifest = read_manifest(archive)
            missing = dict(manifest.files)
            for member in archive:
                if member.name == MANIFEST:
                    continue
                if not member.isfile() or member.name not in missing:
                    raise BadBackup(f"{member.name} does not belong in it")
                if checksum(archive.extractfile(member)) != missing.pop(member.name):
                    raise BadBackup(f"{member.name} is not what was backed up")
            # Behind the last file comes the checksum of the whole.
            while archive.fileobj.read(CHUNK):
                pass
    except (
        tarfile.TarError,
        zlib.error,
        OSError,
        EOFError,
        ValueError,
        TypeError,
        KeyError,
    ) as problem:
        raise BadBackup(str(problem)) from problem
    if missing:
        raise BadBackup(f"{min(missing)} is missing")
    return manifest


def unpack(file: Path, into: Path) -> Manifest:
    """Verify a backup and write its files below `into`; raises BadBackup."""
    manifest = verify(file)
    with tarfile.open(file, "r:gz") as archive:
        archive.extractall(into, filter="data")
    return manifest
