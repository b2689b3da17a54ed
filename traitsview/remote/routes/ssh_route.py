"""Reaches a host through the user's ssh; all sources on one host share one ssh."""

from __future__ import annotations

import contextlib
import socket
import weakref
from dataclasses import replace
from typing import TYPE_CHECKING

from ...errors import HostError, HostGone, SourceError, TraitsviewError, quoted
from ..awaited_step import AwaitedStep
from ..ssh.ssh_connection import SshConnection
from ..tunnel.relay_words import error_told
from ..viewer.route import Route

if TYPE_CHECKING:
    from collections.abc import Callable

    from ...sources.address import Address
    from ..tunnel.tunnel import Tunnel
    from ..viewer.link import Link

__all__ = ["SshRoute"]

#: Seconds that the server has for its first hello, because it may have to be started first, and for every later one.
_START_SECONDS = 60.0
_ANSWER_SECONDS = 8.0


class SshRoute(Route):
    """The way to the user's server on a host that ssh reaches.

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
        self._closed = self._reached = False
        self._step = AwaitedStep()
        self._tunnel: Tunnel | None = None
        self._heard = 0
        self._connection = SshConnection.to(address.host)
        self.text_there = _text_there(address)
        self.ssh_host = address.host
        self.opening_words = f"waiting for {address.host} to open {quoted(address.path)}"

    @classmethod
    def start(cls, address: Address) -> SshRoute:
        """Begin to reach the host; returns at once.

        This first ssh may ask the user for a password on the terminal; later ones may not.
        """
        route = cls(address)
        try:
            route._connection.begin()
        except BaseException:
            route.close()
            raise
        return route

    def reach(self, viewer: bytes) -> Link:
        """Return a link to the user's server on the host, through the ssh that runs, or through a new one."""
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
            link = Link(dial, _ANSWER_SECONDS if self._reached else _START_SECONDS, viewer)
        except HostGone as error:
            raise self._told() or error from error
        finally:
            self._step.end()
        self._reached = True
        return link

    def check_alive(self) -> None:
        """Try another ssh aside, if the present one says nothing."""
        self._connection.check_alive()

    def call_on_change(self, retry: Callable[[], None]) -> None:
        self._connection.call_on_change(retry)

    @property
    def last_words(self) -> str:
        """How ssh ended, or how the server was killed; empty while both run."""
        error = self._told()
        return self._connection.last_words or (error.why if isinstance(error, HostGone) else "")

    def named_here(self, error: TraitsviewError) -> TraitsviewError:
        """Add the name of the host: on the host the source has another name than the user has typed."""
        if not isinstance(error, SourceError):
            return error
        return type(error)(f"{error.what} on {quoted(self._address.host)}", error.why, error.remedy)

    def close(self) -> None:
        """End the connections of this route, and ssh if no other route needs it, within 2 s."""
        if self._closed:
            return
        self._closed = True
        self._step.end()
        for sock in tuple(self._sockets):
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        self._connection.leave()

    def _told(self) -> HostError | None:
        """Return the error that the relay has told since the last `reach`; it tells one before it ends a connection."""
        tunnel = self._tunnel
        return (
            error_told(tunnel.words, self._address.host) if tunnel is not None and tunnel.said > self._heard else None
        )


def _text_there(address: Address) -> str:
    """Return the text that names the source on its host, where paths start at the home folder."""
    path = address.path
    if address.scheme != "file":
        return str(replace(address, host=""))
    if not path.startswith(("/", "~")):
        path = f"~/{path}"
    return str(replace(address, host="", path=path))
