"""Accepts connections at a socket that can be replaced, also when the process has no descriptors left."""

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

# Errors of ``accept`` when this process, or the machine, has no room for a connection.
_FULL = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)

# Errors of ``accept`` that concern one connection only.
_PASSING = (errno.ECONNABORTED, errno.EINTR, errno.EAGAIN, errno.EPERM, errno.EPROTO)

# Seconds between two lines of the log about newcomers that were turned away.
_NOTICE_SECONDS = 60.0


class Entrance:
    """Accepts connections at a listening socket, which `move` replaces by another one.

    `accept` is for one thread, the other methods are for any.

    Parameters
    ----------
    listener : socket
        It is bound and listens; the entrance closes it.
    """

    def __init__(self, listener: socket.socket) -> None:
        self._listener: socket.socket | None = listener
        self._lock = threading.Lock()
        self._closed = False
        self._waiting = False
        listener.setblocking(False)
        self._bell, self._button = socket.socketpair()
        self._bell.setblocking(False)
        # A descriptor in reserve.  When there are no others it is freed for a moment, to accept a connection and close
        # it: so the newcomer is told at once, and does not wait.
        self._reserve = os.open(os.devnull, os.O_RDONLY)
        self._refused = 0
        self._noticed = -_NOTICE_SECONDS

    def accept(self) -> tuple[socket.socket, object]:
        """Wait for a connection; raises OSError after `close`."""
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
        """Accept at `listener` from now on, or at none if it is None, and close the one before."""
        with self._lock:
            before, self._listener = self._listener, listener
            if listener is not None:
                listener.setblocking(False)
        self._ring()
        if before is not None:
            before.close()

    def close(self) -> None:
        """Accept no more connections."""
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
        """Wait for a connection; return the socket to accept it at, or None after `close`."""
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
        """Close the connection that waits, and log this once a minute."""
        os.close(self._reserve)
        try:
            listener.accept()[0].close()
        except OSError:
            # Another thread has taken the descriptor, or the machine has no room.
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
