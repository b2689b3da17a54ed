"""Bytes over a socket: whole buffers are read and written, and each wait has a limit."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterable

from rpyc.core.stream import SocketStream

__all__ = ["STALL_SECONDS", "BufferStream"]

#: A connection is given up after so many seconds without progress in the middle of a message.
STALL_SECONDS = 20.0

_TICK_SECONDS = 0.5

# Seconds that a farewell waits for an answer that another thread is sending.
_FAREWELL_SECONDS = 0.05

# The kernel takes 1024 buffers in one call (IOV_MAX).
_BUFFERS_A_CALL = 512


class BufferStream(SocketStream):  # type: ignore[misc]
    """A socket that fills and sends whole buffers without copying them.

    The kernel itself limits each wait (``SO_RCVTIMEO``, ``SO_SNDTIMEO``), so the socket stays blocking: one
    system call moves a whole frame, and no clock that can be set is asked.

    Parameters
    ----------
    sock : socket
        A connected stream socket, which the stream owns from now on.
    patience : float
        Seconds without progress inside a message after which the connection is dropped.
    silence : float, optional
        Seconds that may pass between two messages; without limit by default.
    quiet : callable, optional
        Called every half second, in the thread that reads, with the seconds since the last byte came.

    Attributes
    ----------
    unread : bytes
        The bytes that had come, at most 64 KiB, when sending failed.
    """

    __slots__ = ("_patience", "_quiet", "_sending", "_silence", "unread")

    def __init__(
        self,
        sock: socket.socket,
        patience: float = STALL_SECONDS,
        silence: float | None = None,
        quiet: Callable[[float], None] | None = None,
    ) -> None:
        super().__init__(sock)
        self._patience = patience
        self._silence = silence
        self._quiet = quiet
        self._sending = threading.RLock()
        self.unread = b""
        sock.setblocking(True)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, _timeval(patience))
        tick = min(patience, _TICK_SECONDS if quiet else patience if silence is None else silence)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, _timeval(tick))

    def poll(self, timeout: object) -> bool:
        """Say that reading is possible: it waits by itself, as long as `silence` allows."""
        return True

    def read(self, count: int) -> bytearray:
        """Return exactly `count` bytes, or raise EOFError."""
        buffer = bytearray(count)
        self.read_into(memoryview(buffer))
        return buffer

    def read_into(self, buffer: memoryview, between: bool = False) -> None:
        """Fill `buffer`, or raise EOFError and close.

        If `between` is true a message is about to begin: nothing need come for as long as the silence may last.
        """
        filled, size = 0, len(buffer)
        last = time.monotonic()
        while filled < size:
            try:
                count = self.sock.recv_into(buffer[filled:], size - filled, socket.MSG_WAITALL)
            except BlockingIOError:
                waited = time.monotonic() - last
                limit = self._silence if between and not filled else self._patience
                if limit is not None and waited >= limit:
                    self._end(f"it has said nothing for {waited:.0f} s")
                if self._quiet is not None:
                    self._quiet(waited)
                continue
            except OSError as error:
                self._end(error.strerror or str(error))
            if not count:
                self._end("the connection was closed")
            filled += count
            if filled < size:
                last = time.monotonic()

    def write(self, data: bytes) -> None:
        """Send `data`, or raise EOFError and close."""
        self.write_groups(([memoryview(data)],))

    def write_groups(self, groups: Iterable[list[memoryview]]) -> None:
        """Send lists of memoryviews of bytes, in order and without anything between them, or raise EOFError and close.

        The iterable is asked for the next list when the one before was sent.
        """
        with self._sending:
            for group in groups:
                self._write(group)

    def _write(self, waiting: list[memoryview]) -> None:
        first = 0
        while first < len(waiting):
            try:
                count = self.sock.sendmsg(waiting[first : first + _BUFFERS_A_CALL])
            except BlockingIOError:
                self._end("it takes nothing any more")
            except OSError as error:
                self.unread = self.rest()
                self._end(error.strerror or str(error))
            while first < len(waiting) and count >= len(waiting[first]):
                count -= len(waiting[first])
                first += 1
            if count:
                waiting[first] = waiting[first][count:]

    def rest(self) -> bytes:
        """Return the bytes that have come, at most 64 KiB, without waiting."""
        with contextlib.suppress(OSError, EOFError):
            data: bytes = self.sock.recv(1 << 16, socket.MSG_DONTWAIT)
            return data
        return b""

    def say_farewell(self, data: bytes) -> None:
        """Send `data`, if that takes at most 0.05 s, and end the connection; any thread may call it."""
        if self._sending.acquire(timeout=_FAREWELL_SECONDS):
            try:
                with contextlib.suppress(OSError, EOFError):
                    self.sock.send(data, socket.MSG_DONTWAIT)
                self.abort()  # before anybody can send something behind it
            finally:
                self._sending.release()
        self.abort()

    def abort(self) -> None:
        """End the connection; any thread may call it.  Threads that read or write get EOFError."""
        with contextlib.suppress(OSError, EOFError):
            self.sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """End the connection and close the socket; the thread that reads calls it, if there is one."""
        self.abort()
        # As soon as the socket is closed another file may get its number, so no thread may be writing.
        with self._sending:
            super().close()

    def _end(self, why: str) -> None:
        self.close()
        raise EOFError(why)


def _timeval(seconds: float) -> bytes:
    return struct.pack("ll", int(seconds), int(seconds % 1 * 1e6))
