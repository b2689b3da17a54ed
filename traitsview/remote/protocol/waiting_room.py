"""Connections that have not said yet who they are: a few at a time, and who says nothing makes room."""

from __future__ import annotations

import contextlib
import logging
import socket
import threading
import time

__all__ = ["WaitingRoom"]

logger = logging.getLogger(__name__)


class WaitingRoom:
    """Has a place for each of a few connections.  Any thread may call any method.

    Parameters
    ----------
    places : int
    """

    def __init__(self, places: int) -> None:
        self._places = places
        self._changed = threading.Condition()
        #: When each came.
        self._there: dict[socket.socket, float] = {}
        self._crowded = False

    def enter(self, sock: socket.socket, elbow: float, patience: float = 0.0) -> bool:
        """Give a newcomer a place; false if there is none.

        The connection that has been there longest is ended to make room, if that is long enough: who has something to
        say has said it by then.

        Parameters
        ----------
        sock : socket
        elbow : float
            Seconds that everybody may stay.
        patience : float
            Seconds to wait for a place, at most.
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
        """Note that a connection needs its place no more, before it is closed."""
        with self._changed:
            self._there.pop(sock, None)
            self._changed.notify()

    def close(self) -> None:
        """End all connections that are there."""
        with self._changed:
            for sock in self._there:
                _abort(sock)

    def _note_crowd(self, crowded: bool) -> None:
        """Say once of each crowd that there is one."""
        if crowded and not self._crowded:
            logger.warning("%d connections at once have not said who they are: the longest makes room", self._places)
        self._crowded = crowded


def _abort(sock: socket.socket) -> None:
    """End a connection that another thread reads from, and closes."""
    with contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)
