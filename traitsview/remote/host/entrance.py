"""Where a host lets connections in: a socket that can be replaced, and that a lack of descriptors does not stop."""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import resource
import select
import socket
import threading
import time

__all__ = ["Entrance"]

logger = logging.getLogger(__name__)

# Errors of ``accept`` that say that this process, or the machine, has no room for a connection.
_FULL = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)

# Errors that concern one connection only.
_PASSING = (errno.ECONNABORTED, errno.EINTR, errno.EAGAIN, errno.EPERM, errno.EPROTO)

# Seconds between two lines of the log about newcomers who were sent away.
_NOTICE_SECONDS = 60.0


class Entrance:
    """Accepts connections at a listening socket, and at another one when that is replaced.

    `accept` is for one thread, the others for any.

    Parameters
    ----------
    listener : socket
        Bound and listening; this closes it.
    """

    def __init__(self, listener: socket.socket) -> None:
        self._listener: socket.socket | None = listener
        self._lock = threading.Lock()
        self._closed = False
        self._waiting = False
        listener.setblocking(False)
        self._bell, self._button = socket.socketpair()
        self._bell.setblocking(False)
        # Given up for a moment to take a connection and close it, so that who comes is told instead of left waiting.
        self._reserve = os.open(os.devnull, os.O_RDONLY)
        self._refused = 0
        self._noticed = -_NOTICE_SECONDS

    def accept(self) -> tuple[socket.socket, object]:
        """Wait for a connection; raises OSError once this is closed."""
        while (listener := self._next()) is not None:
            try:
                return listener.accept()
            except OSError as error:
                if error.errno in _FULL:
                    self._turn_away(listener, error)
                elif error.errno not in _PASSING and listener is self._listener and not self._closed:
                    raise
        raise OSError(errno.EBADF, "the entrance is closed")

    def move(self, listener: socket.socket | None) -> None:
        """Accept at `listener` from now on and close the one before; at none if None."""
        with self._lock:
            before, self._listener = self._listener, listener
            if listener is not None:
                listener.setblocking(False)
        self._ring()
        if before is not None:
            before.close()

    def close(self) -> None:
        """Accept nothing any more."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            waiting = self._waiting
        self.move(None)
        self._button.close()
        if not waiting:
            self._end()

    def _next(self) -> socket.socket | None:
        """Return the socket once somebody is there, or None if this is closed."""
        with self._lock:
            self._waiting |= not self._closed
        while not self._closed:
            listener = self._listener
            poll = select.poll()
            poll.register(self._bell, select.POLLIN)
            if listener is not None and listener.fileno() >= 0:
                poll.register(listener, select.POLLIN)
            poll.poll()
            with contextlib.suppress(OSError):
                self._bell.recv(64)
            if listener is not None and not self._closed:
                return listener
        with self._lock:
            ending, self._waiting = self._waiting, False
        if ending:
            self._end()
        return None

    def _ring(self) -> None:
        with contextlib.suppress(OSError):
            self._button.send(b"!")

    def _end(self) -> None:
        self._bell.close()
        if self._reserve >= 0:
            os.close(self._reserve)

    def _turn_away(self, listener: socket.socket, error: OSError) -> None:
        """Close the connection that waits, and say so in the log now and then."""
        os.close(self._reserve)
        try:
            listener.accept()[0].close()
        except OSError:
            # Another thread was quicker, or it is the machine that has no room.
            time.sleep(0.1)
        self._reserve = -1
        while self._reserve < 0 and not self._closed:
            try:
                self._reserve = os.open(os.devnull, os.O_RDONLY)
            except OSError:
                time.sleep(0.1)
        self._refused += 1
        if time.monotonic() - self._noticed >= _NOTICE_SECONDS:
            limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
            why = f"{error.strerror}, the limit is {limit}; see 'ulimit -n'"
            logger.warning("refused %d connections: %s", self._refused, why)
            self._noticed, self._refused = time.monotonic(), 0
