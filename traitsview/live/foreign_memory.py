"""Memory of another process, read by system calls."""

from __future__ import annotations

import os

import numpy as np

from .publisher_facts import BrokenMemory

__all__ = ["ForeignMemory"]

#: Linux reads at most this many bytes at once.
_MOST_AT_ONCE = 0x7FFFF000


class ForeignMemory:
    """A memfd of another process of the same user.

    It is never mapped: where its memory ends too early, a read is short, and this process is not killed by SIGBUS.
    Nor does a read cost page faults, as the first look at each page of a map does.

    Parameters
    ----------
    pid, descriptor : int
        ``/proc/PID/fd/DESCRIPTOR``
    writable : bool
        Whether `write` is allowed.

    Attributes
    ----------
    inode, size : int

    Raises
    ------
    OSError
        If it cannot be opened.
    """

    def __init__(self, pid: int, descriptor: int, writable: bool = False) -> None:
        flags = os.O_CLOEXEC | os.O_NONBLOCK | (os.O_RDWR if writable else os.O_RDONLY)
        self._descriptor = os.open(f"/proc/{pid}/fd/{descriptor}", flags)
        stat = os.fstat(self._descriptor)
        self.inode, self.size = stat.st_ino, stat.st_size

    def is_at(self, pid: int, descriptor: int) -> bool:
        """Whether a descriptor of a process is this memory."""
        try:
            return os.stat(f"/proc/{pid}/fd/{descriptor}").st_ino == self.inode
        except OSError:
            return False

    def read(self, start: int, size: int) -> bytes:
        """Return bytes; fewer where the memory ends."""
        return os.pread(self._descriptor, size, start)

    def read_into(self, array: np.ndarray, start: int) -> None:
        """Fill a contiguous array; raise `BrokenMemory` where the memory ends too early."""
        into = memoryview(array.reshape(-1).view(np.uint8).data)
        at = 0
        while at < array.nbytes:
            got = os.preadv(self._descriptor, [into[at : at + _MOST_AT_ONCE]], start + at)
            if not got:
                raise BrokenMemory(f"a piece of its memory ends after {start + at} bytes")
            at += got

    def write(self, start: int, data: bytes) -> None:
        """Write bytes."""
        os.pwrite(self._descriptor, data, start)

    def close(self) -> None:
        """Let go of it."""
        os.close(self._descriptor)
