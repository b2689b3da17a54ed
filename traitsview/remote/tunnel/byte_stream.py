"""The interface of the stream under a tunnel: bytes to another machine and back, without waiting."""

from __future__ import annotations

import contextlib
import fcntl
import os
import socket
from typing import Protocol

__all__ = ["ByteStream", "DescriptorStream"]

#: Bytes of a pipe's buffer, which Linux gives to every user.  With fewer, both ends wait for each other more often.
_PIPE_BYTES = 1 << 20


class ByteStream(Protocol):
    """Bytes in both directions.  Every method may raise OSError, which ends the stream."""

    def reading(self) -> int:
        """Return the descriptor to wait at before `read`."""

    def writing(self) -> int:
        """Return the descriptor to wait at before `write` and `flush`."""

    def read(self, buffer: memoryview) -> int:
        """Read into `buffer`; return the number of bytes, 0 at the end; raises BlockingIOError if there are none."""

    def write(self, data: memoryview) -> int:
        """Write some of `data`; return the number of bytes; raises BlockingIOError if none are taken."""

    @property
    def unsent(self) -> bool:
        """Whether the stream holds bytes that `write` has taken and `flush` has still to send."""

    def flush(self) -> None:
        """Send the bytes that the stream holds, as far as that can be done at once."""

    def close(self) -> None:
        """End it."""


class DescriptorStream:
    """Two descriptors, of pipes or sockets, which may be the same one; they are closed with this."""

    def __init__(self, reading: int, writing: int) -> None:
        self._reading, self._writing = reading, writing
        for descriptor in {reading, writing}:
            os.set_blocking(descriptor, False)
            _enlarge(descriptor)

    def reading(self) -> int:
        return self._reading

    def writing(self) -> int:
        return self._writing

    def read(self, buffer: memoryview) -> int:
        return os.readv(self._reading, [buffer])

    def write(self, data: memoryview) -> int:
        return os.write(self._writing, data)

    @property
    def unsent(self) -> bool:
        return False

    def flush(self) -> None:
        """Do nothing: this stream holds no bytes."""

    def close(self) -> None:
        for descriptor in {self._reading, self._writing}:
            with contextlib.suppress(OSError):
                os.close(descriptor)


def _enlarge(descriptor: int) -> None:
    """Give a pipe or a socket a buffer for what comes while the process at its other end is busy."""
    with contextlib.suppress(OSError):
        fcntl.fcntl(descriptor, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
        return
    with contextlib.suppress(OSError), socket.socket(fileno=os.dup(descriptor)) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _PIPE_BYTES)
