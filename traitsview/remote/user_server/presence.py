"""The lock, the socket and the record by which a server is found; they are put back when somebody removes them."""

from __future__ import annotations

import contextlib
import logging
import os
import socket
from pathlib import Path

from ..host.entrance import Entrance
from ..protocol import endpoint
from .record import Lock, Record, usable_lock

__all__ = ["Presence"]

logger = logging.getLogger(__name__)


class Presence:
    """The lock, the socket and the record of one server.  For one thread, except `socket_path`.

    Parameters
    ----------
    lock : Lock
        A lock that was taken; `close` closes it.

    Attributes
    ----------
    superseded : bool
        Whether another server has taken over, so that nobody finds this one any more.
    """

    def __init__(self, lock: Lock) -> None:
        self._lock = lock
        self._socket: os.stat_result | None = None
        self.superseded = False

    @property
    def folder(self) -> Path:
        """The folder that holds them."""
        return self._lock.folder

    @property
    def socket_path(self) -> Path:
        """The path of the socket."""
        return self.folder / "serve.socket"

    def new_socket(self) -> socket.socket:
        """Return a new socket that listens at `socket_path`; raises `HostRefused` if it cannot be made."""
        endpoint.remove_dead(self.socket_path)
        listener = endpoint.listen(self.socket_path)
        self._socket = self.socket_path.lstat()
        return listener

    def publish(self, record: Record) -> None:
        """Write the record, unless another server has taken over; raises OSError."""
        if not self.superseded:
            record.write(self.folder)

    @property
    def in_place(self) -> bool:
        """Whether newcomers find the server: the lock, the record and the socket are where it has put them."""
        return self._lock.in_place and self._listens and (self.folder / "serve.json").exists()

    def settle(self, entrance: Entrance) -> bool:
        """Make the lock and the socket again: in the same folder if possible, otherwise in the next one.

        Returns whether they are there; if not, try again later, unless the server is superseded.
        """
        if not self._lock.in_place and not self._take_another_lock():
            if self.superseded:
                entrance.move(None)
            return False
        if not self._listens:
            entrance.move(self.new_socket())
        return True

    def withdraw(self) -> None:
        """Remove the record and the socket, so that nobody finds the server any more."""
        if self.superseded or not self._lock.in_place:
            return
        for name in ["serve.json", "serve.socket"] if self._listens else ["serve.json"]:
            with contextlib.suppress(OSError):
                (self.folder / name).unlink()

    def close(self) -> None:
        """Free the lock."""
        self._lock.close()

    @property
    def _listens(self) -> bool:
        """Whether the socket at `socket_path` is the one of this server."""
        try:
            found = self.socket_path.lstat()
        except OSError:
            return False
        return self._socket is not None and os.path.samestat(found, self._socket)

    def _take_another_lock(self) -> bool:
        lock = usable_lock()
        if lock.take():
            self._lock.close()
            self._lock = lock
            return True
        # If nobody has it, somebody has looked at it in this moment: the next try is soon.
        self.superseded = lock.held_elsewhere
        if self.superseded:
            logger.warning("another server has taken over in %s: this one leaves with its last viewer", lock.folder)
        lock.close()
        return False
