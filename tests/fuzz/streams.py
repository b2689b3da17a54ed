"""A stream of bytes that are all there, so that thousands of connections take no time."""

from __future__ import annotations


class MadeStream:
    """What a channel reads from and writes to; it ends where the bytes end.

    Attributes
    ----------
    written : list of bytes
        Short buffers that were written.
    asked : int
        The largest number of bytes that were asked for at once.
    """

    unread = b""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0
        self.closed = False
        self.written: list[bytes] = []
        self.asked = 0

    def poll(self, timeout: object) -> bool:
        return True

    def read(self, count: int) -> bytearray:
        self.asked = max(self.asked, count)
        buffer = bytearray(count)
        self.read_into(memoryview(buffer))
        return buffer

    def read_into(self, buffer: memoryview, between: bool = False) -> None:
        self.asked = max(self.asked, len(buffer))
        part = self._data[self._at : self._at + len(buffer)]
        self._at += len(part)
        if self.closed or len(part) < len(buffer):
            self.close()
            raise EOFError("the connection was closed")
        buffer[:] = part

    def write(self, data: bytes) -> None:
        self.written.append(data)

    def write_all(self, buffers) -> None:
        self.written += [bytes(buffer) for buffer in buffers if len(buffer) <= 1 << 17]

    def rest(self) -> bytes:
        return self._data[self._at :][: 1 << 16]

    def part(self, data: bytes) -> None:
        self.written.append(data)
        self.close()

    def abort(self) -> None:
        self.close()

    def close(self) -> None:
        self.closed = True
