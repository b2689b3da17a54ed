"""One connection of a tunnel: its socket, its credit, and the bytes that wait for the socket."""

from __future__ import annotations

import selectors
import socket

from .tunnel_frame import DATA_BYTES

__all__ = ["Channel"]


class Channel:
    """A socket that does not block, and the credits of both sides.  For one thread.

    Parameters
    ----------
    number : int
    sock : socket or None
        None until `join`.
    credit : int
        Bytes that this side may send.
    window : int
        Bytes that the other side may send before it gets new credit; at most so many are kept here.
    """

    __slots__ = ("_allowance", "_deaf", "_owed", "_window", "credit", "ending", "number", "sock", "waiting")

    def __init__(self, number: int, sock: socket.socket | None, credit: int, window: int) -> None:
        self.number = number
        self.sock = sock
        self.credit = credit
        #: Bytes that the socket has not taken yet.
        self.waiting = bytearray()
        #: Whether the other side has closed the channel.
        self.ending = False
        self._window = self._allowance = window
        # Bytes that the socket has taken, and that the other side has not got credit for.
        self._owed = 0
        # Whether the other end of the socket is closed.
        self._deaf = False

    def join(self, sock: socket.socket) -> None:
        """Take the socket."""
        sock.setblocking(False)
        self.sock = sock

    def expect(self, size: int) -> None:
        """Note that `size` bytes come from the other side; raises EOFError if that had no credit for them."""
        if size > self._allowance:
            raise EOFError(f"it sent {size} bytes where {self._allowance} were allowed")
        self._allowance -= size

    def deliver(self, part: memoryview) -> None:
        """Write to the socket, or keep what it does not take."""
        if self._deaf:
            return
        count = 0 if self.waiting else self._write(part)
        self.waiting += part[count:]

    def flush(self) -> None:
        """Write what waits for the socket."""
        if self.waiting:
            del self.waiting[: self._write(self.waiting)]

    def credit_due(self) -> int:
        """Return the new credit of the other side, in bytes; 0 until a quarter of the window was taken."""
        due = self._owed
        if self.ending or due < self._window // 4:
            return 0
        self._allowance += due
        self._owed = 0
        return due

    def read(self, buffer: memoryview) -> int | None:
        """Read at most 64 KiB that may be sent; return how many: 0 at the end, None if there are none now."""
        if self.sock is None or not self.credit:
            return None
        try:
            count = self.sock.recv_into(buffer[: min(DATA_BYTES, self.credit)])
        except BlockingIOError:
            return None
        except OSError:
            return 0
        self.credit -= count
        return count

    def events(self, stream_takes: bool) -> int:
        """Return the events to wait for at the socket."""
        read = selectors.EVENT_READ if self.credit and stream_takes and not self.ending else 0
        return read | (selectors.EVENT_WRITE if self.waiting else 0)

    def _write(self, data: memoryview | bytearray) -> int:
        """Return how many bytes the socket takes; when its other end is closed, all are thrown away."""
        if self.sock is None:
            return 0
        try:
            count = self.sock.send(data)
        except BlockingIOError:
            return 0
        except OSError:
            self._deaf = True
            return len(data)
        self._owed += count
        return count
