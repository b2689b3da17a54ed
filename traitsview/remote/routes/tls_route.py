"""Reaches a server that listens on the network."""

from __future__ import annotations

import threading
import weakref
from dataclasses import replace
from typing import TYPE_CHECKING

from ...errors import HostGone, HostRefused, TraitsviewError, quoted
from ...sources.address import tls_endpoint
from ..progress import Step
from ..protocol.hello import DEADLINE
from ..tls.credentials import credentials_for
from ..tls.tls_handshake import connect
from ..tunnel.network_change import NetworkChange
from ..tunnel.standby import Passage
from ..tunnel.stream_way import StreamWay

if TYPE_CHECKING:
    from ...sources.address import Address
    from ..tls.secure_socket import SecureSocket
    from ..viewer.link import Link
    from ..viewer.remote_source import RemoteSource

__all__ = ["TlsHost"]

#: Seconds that a connection has to be there that is tried aside.
_ASIDE = 2.0


class TlsHost:
    """A server at ``tls://HOST:PORT``, each time reached with the credentials that are in its file then.

    `close` may be called by any thread, `reach` by one at a time.
    """

    def __init__(self, address: Address) -> None:
        self._address = address
        self._host, self._port = tls_endpoint(address.host)
        self._lock = threading.Lock()
        self._passage = Passage(self._another, "traitsview network aside")
        self._source: weakref.ref[RemoteSource] | None = None
        self._network: NetworkChange | None = None
        self._closed = False
        self._met = False
        self._opening = False
        self._step = Step()

    def connect(self) -> RemoteSource:
        """Return the source, when it is open; closing it closes this.  Raises what opening raises."""
        from ..viewer.remote_source import RemoteSource

        there = str(replace(self._address, host=""))
        self._opening = True
        try:
            source = RemoteSource(self, there)
        except TraitsviewError as error:
            # The user knows it by another name.
            raise type(error)(
                error.what.replace(quoted(there), quoted(self._address)), error.why, error.remedy
            ) from error
        finally:
            self._opening = False
            self._step.end()
        self._source = weakref.ref(source)
        with self._lock:
            if not self._closed:
                self._network = NetworkChange(self._tell)
        return source

    def reach(self, viewer: bytes) -> Link:
        """Return a link of `viewer` to the server, over the connection that is there, or over a new one."""
        from ..viewer.link import Link

        try:
            way = self._passage.ready()
        except HostRefused as error:
            if not self._met:
                raise
            # It may be starting again, with another file: that is worth another try.
            raise HostGone(error.what, error.why, error.remedy) from error
        link = Link(way.tunnel().connect, viewer=viewer)
        if self._opening:
            self._step.begin(f"waiting for {self._address.host} to open {quoted(self._address.path)}")
        self._met = True
        return link

    def doubt(self) -> None:
        """See aside whether another connection is quicker than the one that says nothing."""
        self._passage.doubt()

    @property
    def last_words(self) -> str:
        """How the connection ended; empty while it is there."""
        return self._passage.last_words

    def close(self) -> None:
        """Leave the server, which goes on."""
        with self._lock:
            self._closed = True
            network, self._network = self._network, None
        self._step.end()
        self._passage.close()
        if network is not None:
            network.close()

    def _another(self, aside: bool) -> StreamWay:
        return StreamWay(lambda: self._connection(_ASIDE if aside else DEADLINE), "traitsview network")

    def _connection(self, timeout: float) -> SecureSocket:
        """Return a new connection."""
        known = replace(credentials_for(self._host, self._port), host=self._host, port=self._port)
        return connect(known, timeout)

    def _tell(self) -> None:
        """A network has come or gone: see whether the connection still works, and try now where there is none."""
        self._passage.note_change()
        source = self._source() if self._source is not None else None
        if source is not None:
            source.link.retry()
