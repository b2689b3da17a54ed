"""Reaches a server that listens on the network."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from ...errors import HostGone, HostRefused, TraitsviewError, quoted
from ...sources.address import tls_endpoint
from ..protocol.hello import HELLO_SECONDS
from ..tls.credentials import credentials_for
from ..tls.tls_handshake import connect
from ..tunnel.network_change import NetworkChange
from ..tunnel.standby import Standby
from ..tunnel.stream_attempt import StreamAttempt
from ..viewer.route import Route

if TYPE_CHECKING:
    from collections.abc import Callable

    from ...sources.address import Address
    from ..tls.secure_socket import SecureSocket
    from ..viewer.link import Link

__all__ = ["TlsRoute"]

#: Seconds that a connection has which is tried aside.
_ASIDE_SECONDS = 2.0


class TlsRoute(Route):
    """The way to a server at ``tls://HOST:PORT``, each time with the credentials that are in its file then.

    Parameters
    ----------
    address : Address
        Of a source there.
    """

    foreign = True

    def __init__(self, address: Address) -> None:
        self._address = address
        self._host, self._port = tls_endpoint(address.host)
        self._lock = threading.Lock()
        self._standby = Standby(self._another, "traitsview network aside")
        self._network: NetworkChange | None = None
        self._closed = False
        self._met = False
        self.text_there = str(replace(address, host=""))
        self.opening_words = f"waiting for {address.host} to open {quoted(address.path)}"

    def reach(self, viewer: bytes) -> Link:
        """Return a link of `viewer` to the server, over the present connection, or over a new one."""
        from ..viewer.link import Link

        try:
            way = self._standby.ready()
        except HostRefused as error:
            if not self._met:
                raise
            # The server may be starting again with new credentials: another try may succeed.
            raise HostGone(error.what, error.why, error.remedy) from error
        link = Link(way.tunnel().connect, viewer=viewer)
        self._met = True
        return link

    def check_alive(self) -> None:
        """Try another connection aside, if the present one says nothing."""
        self._standby.check_alive()

    def call_on_change(self, retry: Callable[[], None]) -> None:
        def tell() -> None:
            self._standby.note_change()  # returns when it is known whether the connection still works
            retry()

        with self._lock:
            if not self._closed:
                self._network = NetworkChange(tell)

    @property
    def last_words(self) -> str:
        """How the connection ended; empty while it is open."""
        return self._standby.last_words

    def named_here(self, error: TraitsviewError) -> TraitsviewError:
        """Name the source as the user does, by its whole address."""
        what = error.what.replace(quoted(self.text_there), quoted(self._address))
        return type(error)(what, error.why, error.remedy)

    def close(self) -> None:
        """End the connection; the server goes on."""
        with self._lock:
            self._closed = True
            network, self._network = self._network, None
        self._standby.close()
        if network is not None:
            network.close()

    def _another(self, aside: bool) -> StreamAttempt:
        return StreamAttempt(lambda: self._connection(_ASIDE_SECONDS if aside else HELLO_SECONDS), "traitsview network")

    def _connection(self, timeout: float) -> SecureSocket:
        """Return a new connection."""
        known = replace(credentials_for(self._host, self._port), host=self._host, port=self._port)
        return connect(known, timeout)
