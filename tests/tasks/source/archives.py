"""Makes zip archives, honest ones and others."""

import io
import stat
import struct
import warnings
import zipfile


def made(*entries, compression=zipfile.ZIP_DEFLATED) -> io.BytesIO:
    """Return an archive of (name or ZipInfo, content) pairs."""
    file = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(file, "w", compression) as archive:
        warnings.simplefilter("ignore")
        for name, content in entries:
            archive.writestr(name, content)
    file.seek(0)
    return file


def special(name: str, kind: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = (kind | 0o644) << 16
    return info


def link(name: str) -> zipfile.ZipInfo:
    return special(name, stat.S_IFLNK)


def patched(file: io.BytesIO, *, central: dict, entry: int = 0) -> io.BytesIO:
    """Return the archive with fields of a central entry overwritten: {offset: (format, value)}."""
    content = bytearray(file.getvalue())
    at = -1
    for _count in range(entry + 1):
        at = content.index(b"PK\x01\x02", at + 1)
    for offset, (form, value) in central.items():
        struct.pack_into(form, content, at + offset, value)
    return io.BytesIO(bytes(content))


def renamed(file: io.BytesIO, old: bytes, new: bytes) -> io.BytesIO:
    """Return the archive with a name overwritten by one of the same length, everywhere."""
    assert len(old) == len(new)
    return io.BytesIO(file.getvalue().replace(old, new))
