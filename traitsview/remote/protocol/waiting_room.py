"""A limited number of places for connections that have not said who they are; the oldest one makes room."""

from __future__ import annotations

import contextlib
import logging
import socket
import threading
import time

__all__ = ["WaitingRoom"]

logger = logging.getLogger(__name__)


class WaitingRoom:
    """Gives places to connections of unknown peers.  Any thread may call any method.

    Parameters
    ----------
    places : int
        How many connections may be there at once.
    """

    def __init__(self, places: int) -> None:
        self._places = places
        self._changed = threading.Condition()
        #: The time at which each connection came.
        self._there: dict[socket.socket, float] = {}
        self._crowded = False

    def enter(self, sock: socket.socket, elbow: float, patience: float = 0.0) -> bool:
        """Give a newcomer a place; return whether there was one.

        When all places are taken, the oldest connection is ended if it has been there for `elbow` seconds.  A peer that
        has something to say has said it by then.

        Parameters
        ----------
        sock : socket
        elbow : float
            Seconds that each connection may stay in any case.
        patience : float
            Seconds that the newcomer waits for a place, at most.
        """
        end = time.monotonic() + patience
        with self._changed:
            self._note_crowd(len(self._there) >= self._places)
            while len(self._there) >= self._places:
                now = time.monotonic()
                longest = min(self._there, key=self._there.__getitem__)
                left = self._there[longest] + elbow - now
                if left <= 0:
                    del self._there[longest]
                    _abort(longest)
                elif now >= end:
                    return False
                else:
                    self._changed.wait(min(left, end - now))
            self._there[sock] = time.monotonic()
        return True

    def leave(self, sock: socket.socket) -> None:
        """Free the place of a connection; call it before the connection is closed."""
        with self._changed:
            self._there.pop(sock, None)
            self._changed.notify()

    def close(self) -> None:
        """End all connections that have a place."""
        with self._changed:
            for sock in self._there:
                _abort(sock)

    def _note_crowd(self, crowded: bool) -> None:
        """Log that all places are taken, once until places are free again."""
        if crowded and not self._crowded:
            logger.warning("%d connections at once have not said who they are: the longest makes room", self._places)
        self._crowded = crowded


def _abort(sock: socket.socket) -> None:
    """End a connection; the thread that reads from it closes it."""
    with contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)
