"""A private, writable copy of a revision, which its attempt may spoil."""

import contextlib
import fcntl
import os
import stat

# linux/fs.h: _IOW(0x94, 9, int)
_FICLONE = 0x40049409
_CHUNK = 2**30


def make(source: str, target: str) -> None:
    """Copy the tree, sharing its blocks where the disk can; raises OSError.

    Times are kept, for compiled modules are judged by them.
    """
    os.mkdir(target, 0o700)
    with os.scandir(source) as entries:
        for entry in entries:
            place = os.path.join(target, entry.name)
            if entry.is_symlink():
                os.symlink(os.readlink(entry.path), place)
            elif entry.is_dir():
                make(entry.path, place)
            elif entry.is_file():
                _copy_file(entry.path, place)


def _copy_file(source: str, target: str) -> None:
    reading = os.open(source, os.O_RDONLY | os.O_CLOEXEC)
    try:
        facts = os.fstat(reading)
        mode = stat.S_IMODE(facts.st_mode) | 0o600
        writing = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
        try:
            _copy_bytes(reading, writing)
            os.utime(writing, ns=(facts.st_atime_ns, facts.st_mtime_ns))
        finally:
            os.close(writing)
    finally:
        os.close(reading)


def _copy_bytes(reading: int, writing: int) -> None:
    try:
        fcntl.ioctl(writing, _FICLONE, reading)
    except OSError:
        while os.sendfile(writing, reading, None, _CHUNK):
            pass


def remove(path: str) -> None:
    """Remove the tree, whatever the attempt made of its permissions; what resists is left."""
    with contextlib.suppress(OSError):
        _empty(path)
        os.rmdir(path)


def _empty(path: str) -> None:
    with contextlib.suppress(OSError):
        os.chmod(path, 0o700)
    with os.scandir(path) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                remove(entry.path)
            else:
                with contextlib.suppress(OSError):
                    os.unlink(entry.path)
