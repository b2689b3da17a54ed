"""Memory that other processes of the same user can read: memfds."""

from __future__ import annotations

import errno
import fcntl
import mmap
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from ..available_memory import available

__all__ = ["SharedMemory"]

#: From so many bytes on it is asked first how many are left.
_LARGE = 16 << 20


class SharedMemory:
    """Zeros that can be shared, without a name in any file system.

    All pages are there from the beginning, so that no later write can fail; and nobody can make it shorter.

    Parameters
    ----------
    name : str
        What ``/proc/PID/fd`` shows.
    size : int
        Bytes.

    Attributes
    ----------
    descriptor, inode : int
        How other processes find it: ``/proc/PID/fd/DESCRIPTOR``, which has that inode.
    map : mmap

    Raises
    ------
    OSError
        If there is not so much memory, or if half of what is left would be taken.
    """

    def __init__(self, name: str, size: int) -> None:
        self.size = size
        self.descriptor = -1
        if size >= _LARGE and size > available() // 2:
            # The kernel would give the pages, and end the calculation for want of memory soon after.
            raise OSError(errno.ENOMEM, "its frames would take more than half of the memory that is left")
        try:
            with _standard_streams_taken():
                self.descriptor = os.memfd_create(name, os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
                # A page that is missing when it is written would kill the calculation by SIGBUS.
                os.posix_fallocate(self.descriptor, 0, size)
                seals = fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL
                fcntl.fcntl(self.descriptor, fcntl.F_ADD_SEALS, seals)
                self.inode = os.fstat(self.descriptor).st_ino
                self.map = mmap.mmap(self.descriptor, size, flags=mmap.MAP_SHARED | mmap.MAP_POPULATE)
        except BaseException:
            self.close()
            raise

    def __del__(self) -> None:
        # Who was interrupted, or failed, between getting memory and keeping it, has not closed it.
        self.close()

    def close(self) -> None:
        """Let go of the memory.  It stays for those who have opened it, and until the last view of the map is gone."""
        descriptor, self.descriptor = self.descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)
        mapped: mmap.mmap | None = getattr(self, "map", None)
        if mapped is not None:
            with suppress(BufferError):
                mapped.close()


@contextmanager
def _standard_streams_taken() -> Iterator[None]:
    """Let no new descriptor be that of a standard stream, which a program may have closed: it would print into it."""
    taken = [os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC)]
    try:
        while taken[-1] <= 2:
            taken.append(os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC))
        yield
    finally:
        for descriptor in taken:
            os.close(descriptor)
