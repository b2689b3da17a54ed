"""One connection of a tunnel: a socket here, and what may be sent and has to be written for it."""

from __future__ import annotations

import selectors
import socket

from .tunnel_frame import DATA_BYTES

__all__ = ["Channel"]


class Channel:
    """A socket that never waits, and the credits of both sides.  For one thread.

    Parameters
    ----------
    number : int
    sock : socket or None
        None until `join`.
    credit : int
        Bytes that we may send.
    window : int
        Bytes that the other side may send before it is given more, and that are kept here at most.
    """

    __slots__ = ("_allowance", "_deaf", "_owed", "_window", "credit", "ending", "number", "sock", "waiting")

    def __init__(self, number: int, sock: socket.socket | None, credit: int, window: int) -> None:
        self.number = number
        self.sock = sock
        self.credit = credit
        #: What the socket has not taken yet.
        self.waiting = bytearray()
        #: The other side has closed it.
        self.ending = False
        self._window = self._allowance = window
        # What was taken here since the last credit for it.
        self._owed = 0
        # Nobody here listens any more.
        self._deaf = False

    def join(self, sock: socket.socket) -> None:
        """Take the socket."""
        sock.setblocking(False)
        self.sock = sock

    def expect(self, size: int) -> None:
        """Note that `size` bytes come from the other side; raises EOFError if it had no credit for them."""
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
        """Return how much more the other side may send from now on; not for every small piece."""
        due = self._owed
        if self.ending or due < self._window // 4:
            return 0
        self._allowance += due
        self._owed = 0
        return due

    def read(self, buffer: memoryview) -> int | None:
        """Read what may be sent, a piece at most; return how many bytes: 0 at the end, None if there are none now."""
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
        """Return what to wait for at the socket."""
        read = selectors.EVENT_READ if self.credit and stream_takes and not self.ending else 0
        return read | (selectors.EVENT_WRITE if self.waiting else 0)

    def _write(self, data: memoryview | bytearray) -> int:
        """Return how many bytes the socket takes; all of them go nowhere once nobody listens."""
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
