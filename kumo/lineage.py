"""What the kernel is told about a process: its name, and to end it with its parent."""

import ctypes
import os
import signal

PR_SET_PDEATHSIG = 1
PR_SET_NAME = 15
libc = ctypes.CDLL(None, use_errno=True)


def name_process(name: str) -> None:
    """Be called by this name, of at most 15 characters, in lists of processes."""
    libc.prctl(PR_SET_NAME, name.encode())


def end_with_parent(parent: int, number: int) -> None:
    """Have the kernel send this process the signal when its parent ends, however that happens."""
    libc.prctl(PR_SET_PDEATHSIG, number)
    if os.getppid() != parent:
        os.kill(os.getpid(), number)


class Lineage:
    """From its making on, every process that this one and its children fork ends with its parent.

    Programs started by subprocess are not touched: a spider's supervisor lives on.
    """

    def __init__(self):
        self.parent = os.getpid()
        os.register_at_fork(before=self.note_parent, after_in_child=self.follow)

    def note_parent(self) -> None:
        self.parent = os.getpid()

    def follow(self) -> None:
        end_with_parent(self.parent, signal.SIGKILL)
