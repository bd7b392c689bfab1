"""The entries of a zip archive, checked by what the archive says of them."""

import stat
import struct
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO

from tasks.source import names
from tasks.source.errors import BadSource
from tasks.source.limits import Limits

LOCAL_HEADER = struct.Struct("<4s5H3L2H")
ENCRYPTED = 0x1 | 0x40 | 0x2000
UTF8 = 0x800
COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# Longer than the average central entry of any honest archive.
CENTRAL_ENTRY = 1024


@dataclass(frozen=True)
class Entry:
    """A file of an archive: where its bytes start, and what they are said to be."""

    path: PurePosixPath
    start: int
    packed: int
    size: int
    crc: int
    is_deflated: bool
    is_executable: bool


def read(file: BinaryIO, limits: Limits) -> list[Entry]:
    """Return the files of the archive that are to be kept, or raise BadSource."""
    archive = _open(file, limits)
    infos = archive.infolist()
    if len(infos) > 2 * limits.files:
        raise BadSource("too_many_files", str(limits.files))
    starts = _starts(file, infos, archive.start_dir)
    tree, entries = names.Tree(), []
    for info in infos:
        path = names.check(name_of(info), limits)
        _check_kind(info, str(path))
        if info.is_dir():
            tree.add_folder(path)
            continue
        tree.add_file(path)
        entries.append(_entry(info, path, starts[info.header_offset]))
    _check_sizes(entries, limits)
    return [entry for entry in entries if not names.is_left_out(entry.path)]


def name_of(info: zipfile.ZipInfo) -> str:
    """Return the name in the encoding that its maker meant: UTF-8, or a Chinese Windows' own."""
    if info.flag_bits & UTF8:
        return info.orig_filename
    raw = info.orig_filename.encode("cp437")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.orig_filename


def _open(file: BinaryIO, limits: Limits) -> zipfile.ZipFile:
    if file.seek(0, 2) > limits.archive_bytes:
        raise BadSource("archive_too_big", str(limits.archive_bytes))
    try:
        # The directory is bounded before it is read: millions of entries fit into a small archive.
        end = zipfile._EndRecData(file)  # type: ignore[attr-defined]
        if end and end[zipfile._ECD_SIZE] > 2 * limits.files * CENTRAL_ENTRY:  # type: ignore[attr-defined]
            raise BadSource("too_many_files", str(limits.files))
        return zipfile.ZipFile(file)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, struct.error):
        raise BadSource("not_a_zip") from None


def _check_kind(info: zipfile.ZipInfo, name: str) -> None:
    if info.flag_bits & ENCRYPTED:
        raise BadSource("encrypted", name)
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind == stat.S_IFLNK:
        raise BadSource("link", name)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise BadSource("device", name)
    if kind == stat.S_IFDIR and not info.is_dir():
        raise BadSource("file_and_folder", name)
    if info.compress_type not in COMPRESSIONS:
        raise BadSource("compression", name)
    if info.is_dir() and (info.file_size or info.compress_size > 2):
        raise BadSource("lying", name)


def _entry(info: zipfile.ZipInfo, path: PurePosixPath, start: int) -> Entry:
    return Entry(
        path=path,
        start=start,
        packed=info.compress_size,
        size=info.file_size,
        crc=info.CRC,
        is_deflated=info.compress_type == zipfile.ZIP_DEFLATED,
        is_executable=bool((info.external_attr >> 16) & stat.S_IXUSR),
    )


def _starts(file: BinaryIO, infos: list[zipfile.ZipInfo], directory: int) -> dict[int, int]:
    """Return where the bytes of each entry start, by header offset; entries may not overlap."""
    starts, end = {}, 0
    for info in sorted(infos, key=lambda info: info.header_offset):
        if info.header_offset < end:
            raise BadSource("overlap", name_of(info))
        file.seek(info.header_offset)
        header = file.read(LOCAL_HEADER.size)
        if len(header) < LOCAL_HEADER.size or header[:4] != b"PK\x03\x04":
            raise BadSource("damaged", name_of(info))
        name_length, extra_length = LOCAL_HEADER.unpack(header)[-2:]
        start = info.header_offset + LOCAL_HEADER.size + name_length + extra_length
        end = start + info.compress_size
        if end > directory:
            raise BadSource("overlap", name_of(info))
        starts[info.header_offset] = start
    return starts


def _check_sizes(entries: list[Entry], limits: Limits) -> None:
    if len(entries) > limits.files:
        raise BadSource("too_many_files", str(limits.files))
    for entry in entries:
        if entry.size > limits.file_bytes:
            raise BadSource("file_too_big", str(entry.path))
        if entry.size > limits.ratio_floor and entry.size > limits.ratio * max(entry.packed, 1):
            raise BadSource("ratio", str(entry.path))
        if not entry.is_deflated and entry.size != entry.packed:
            raise BadSource("lying", str(entry.path))
    total, packed = sum(e.size for e in entries), sum(e.packed for e in entries)
    if total > limits.total_bytes:
        raise BadSource("too_big", str(limits.total_bytes))
    if total > 8 * limits.ratio_floor and total > limits.ratio * max(packed, 1):
        raise BadSource("ratio", "")
