"""Memory that other processes of the same user can read: memfds."""

from __future__ import annotations

import fcntl
import mmap
import os
from contextlib import suppress

__all__ = ["SharedMemory"]


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
        If there is not so much memory.
    """

    def __init__(self, name: str, size: int) -> None:
        self.size = size
        self.descriptor = os.memfd_create(name, os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        try:
            # A page that is missing when it is written would kill the calculation by SIGBUS.
            os.posix_fallocate(self.descriptor, 0, size)
            seals = fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL
            fcntl.fcntl(self.descriptor, fcntl.F_ADD_SEALS, seals)
            self.inode = os.fstat(self.descriptor).st_ino
            self.map = mmap.mmap(self.descriptor, size, flags=mmap.MAP_SHARED | mmap.MAP_POPULATE)
        except BaseException:
            os.close(self.descriptor)
            raise

    def close(self) -> None:
        """Let go of the memory.  It stays for those who have opened it, and until the last view of the map is gone."""
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1
        with suppress(BufferError):
            self.map.close()
