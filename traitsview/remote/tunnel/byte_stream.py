"""A stream of bytes to another machine, without waiting: what a tunnel is laid over."""

from __future__ import annotations

import contextlib
import fcntl
import os
import socket
from typing import Protocol

__all__ = ["ByteStream", "DescriptorStream"]

#: Bytes of a pipe: fewer turns to wait for whoever is at its other end.  Linux lets everybody have so many.
_PIPE_BYTES = 1 << 20


class ByteStream(Protocol):
    """Bytes both ways.  Everything may raise OSError, which ends the stream."""

    def reading(self) -> int:
        """Return the descriptor that has something to read when `read` has."""

    def writing(self) -> int:
        """Return the descriptor that takes something when `write` does."""

    def read(self, buffer: memoryview) -> int:
        """Read into `buffer` and return how many bytes, 0 at the end; BlockingIOError if there are none now."""

    def write(self, data: memoryview) -> int:
        """Write some of `data` and return how many bytes; BlockingIOError if none are taken now."""

    @property
    def unsent(self) -> bool:
        """Whether bytes that it has taken wait inside it for `writing` to take them, by `flush`."""

    def flush(self) -> None:
        """Send what waits inside it, as far as that can be done at once."""

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
        """Do nothing: nothing waits inside it."""

    def close(self) -> None:
        for descriptor in {self._reading, self._writing}:
            with contextlib.suppress(OSError):
                os.close(descriptor)


def _enlarge(descriptor: int) -> None:
    """Give a pipe or a socket room for what comes between two turns of the process at its other end."""
    with contextlib.suppress(OSError):
        fcntl.fcntl(descriptor, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
        return
    with contextlib.suppress(OSError), socket.socket(fileno=os.dup(descriptor)) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _PIPE_BYTES)
