"""A connection with all its bytes in memory, so that thousands of connections take no time."""

from __future__ import annotations

from traitsview.remote.protocol.stream import BufferStream


class MadeSocket:
    """The part of a socket that a stream uses.  It ends where its bytes end.

    Attributes
    ----------
    written : list of bytes
        The buffers that were sent.
    asked : int
        The largest number of bytes in one request.
    closed : bool
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0
        self.written: list[bytes] = []
        self.asked = 0
        self.closed = False

    def recv_into(self, buffer, size=0, flags=0) -> int:
        size = size or len(buffer)
        self.asked = max(self.asked, size)
        part = self.recv(size)
        buffer[: len(part)] = part
        return len(part)

    def recv(self, size, flags=0) -> bytes:
        part = self._data[self._at : self._at + size]
        self._at += len(part)
        return b"" if self.closed else part

    def sendmsg(self, buffers) -> int:
        self.written += [bytes(buffer) for buffer in buffers]
        return sum(len(buffer) for buffer in buffers)

    def send(self, data, flags=0) -> int:
        return self.sendmsg([data])

    def shutdown(self, how) -> None:
        self.closed = True

    def close(self) -> None:
        self.closed = True

    def fileno(self) -> int:
        return -1

    def setblocking(self, flag) -> None:
        """Do nothing: it never blocks."""

    def setsockopt(self, *args) -> None:
        """Do nothing: it never waits."""


def made_stream(data: bytes) -> tuple[BufferStream, MadeSocket]:
    """Return a stream of `data`, and its socket."""
    sock = MadeSocket(data)
    return BufferStream(sock), sock
