"""Reaches hosts through the user's ssh: one ssh for each, however many sources are open there."""

from __future__ import annotations

import contextlib
import socket
import weakref
from dataclasses import replace
from typing import TYPE_CHECKING

from ...errors import HostError, HostGone, SourceError, quoted
from ..progress import Step
from ..ssh.ssh_connection import SshConnection
from ..tunnel.relay_words import told

if TYPE_CHECKING:
    from ...sources.address import Address
    from ..tunnel.tunnel import Tunnel
    from ..viewer.link import Link
    from ..viewer.remote_source import RemoteSource

__all__ = ["SshHost"]

#: Seconds that the server has for its first word: it may have to be started; and afterwards.
_START, _ANSWER = 60.0, 8.0


class SshHost:
    """A host that is reached by ssh.

    Parameters
    ----------
    address : Address
        Of a source on another machine.

    Raises
    ------
    HostRefused
        If there is no ssh here.
    """

    def __init__(self, address: Address) -> None:
        self._address = address
        self._sockets: weakref.WeakSet[socket.socket] = weakref.WeakSet()
        self._closed = self._reached = self._opening = False
        self._step = Step()
        self._tunnel: Tunnel | None = None
        self._heard = 0
        self._source: weakref.ref[RemoteSource] | None = None
        self._connection = SshConnection.to(address.host)

    @classmethod
    def start(cls, address: Address) -> SshHost:
        """Begin to reach the host; returns at once.

        ssh may ask the user for a password on the terminal, this once.
        """
        host = cls(address)
        try:
            host._connection.begin()
        except BaseException:
            host.close()
            raise
        return host

    def connect(self) -> RemoteSource:
        """Return the source, when it is open; closing it closes this.  Raises what opening raises."""
        from ..viewer.remote_source import RemoteSource

        self._opening = True
        try:
            source = RemoteSource(self, _text_there(self._address))
        except SourceError as error:
            # Its name there is not the one that the user has typed.
            raise type(error)(f"{error.what} on {quoted(self._address.host)}", error.why, error.remedy) from error
        finally:
            self._opening = False
            self._step.end()
        self._source = weakref.ref(source)
        self._connection.call_on_change(self._retry)
        return source

    def reach(self, viewer: bytes) -> Link:
        """Return a link to the user's server there, by the ssh that runs, or by a new one."""
        from ..viewer.link import Link

        tunnel = self._tunnel = self._connection.tunnel()
        self._heard = tunnel.said

        def dial(timeout: float) -> socket.socket:
            if self._closed:
                raise HostGone("the source is closed")
            sock = tunnel.connect(timeout)
            self._sockets.add(sock)
            return sock

        host = self._address.host
        if not self._reached:
            self._step.begin(f"waiting for the server on {host}")
        try:
            link = Link(dial, _ANSWER if self._reached else _START, viewer)
        except HostGone as error:
            raise self._told() or error from error
        finally:
            self._step.end()
        self._reached = True
        if self._opening:
            self._step.begin(f"waiting for {host} to open {quoted(self._address.path)}")
        return link

    def doubt(self) -> None:
        """See aside whether another ssh is quicker than the one that says nothing."""
        self._connection.doubt()

    @property
    def last_words(self) -> str:
        """How ssh ended, or the server there was killed; empty while they run."""
        error = self._told()
        return self._connection.last_words or (error.why if isinstance(error, HostGone) else "")

    def close(self) -> None:
        """End what goes through here, and ssh if nobody else needs it, within 2 s."""
        if self._closed:
            return
        self._closed = True
        self._step.end()
        for sock in tuple(self._sockets):
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        self._connection.leave()

    def _told(self) -> HostError | None:
        """Return what the relay has told since it was reached, which it says before it ends a connection."""
        tunnel = self._tunnel
        return told(tunnel.words, self._address.host) if tunnel is not None and tunnel.said > self._heard else None

    def _retry(self) -> None:
        """Have the source try to come back now, if contact is lost."""
        source = self._source() if self._source is not None else None
        if source is not None:
            source.link.retry()


def _text_there(address: Address) -> str:
    """Return what names the source on its host: relative to the home folder there, and never another host."""
    path = address.path
    if address.scheme != "file":
        return f"{address.scheme}:{path}"
    if not path.startswith(("/", "~")):
        path = f"~/{path}"
    return str(replace(address, host="", path=path))
