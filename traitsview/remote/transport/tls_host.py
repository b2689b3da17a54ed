"""Reaches a server that listens on the network."""

from __future__ import annotations

import threading
import time
import weakref
from dataclasses import replace
from typing import TYPE_CHECKING

from ...errors import HostGone, HostRefused, TraitsviewError, quoted
from ...sources.address import tls_endpoint
from ..hello import DEADLINE
from .credentials import credentials_for
from .network_change import NetworkChange
from .tls import connect
from .tunnel import Tunnel

if TYPE_CHECKING:
    from ...sources.address import Address
    from ..link import Link
    from ..remote_source import RemoteSource

__all__ = ["TlsHost"]

#: Seconds without a word, once a network has come or gone, after which a connection is given up.
_CHANGED = 3.0

#: Seconds without a word after which a connection is silent, and that another one has to take its place.
_PROOF, _ASIDE = 1.0, 2.0


class TlsHost:
    """A server at ``tls://HOST:PORT``, each time reached with the credentials that are in its file then.

    `close` may be called by any thread, `reach` by one at a time.
    """

    def __init__(self, address: Address) -> None:
        self._address = address
        self._host, self._port = tls_endpoint(address.host)
        self._lock = threading.Lock()
        self._tunnel: Tunnel | None = None
        self._spare: Tunnel | None = None
        self._looking = threading.Lock()
        self._source: weakref.ref[RemoteSource] | None = None
        self._network: NetworkChange | None = None
        self._closed = False
        self._met = False

    def connect(self) -> RemoteSource:
        """Return the source, when it is open; closing it closes this.  Raises what opening raises."""
        from ..remote_source import RemoteSource

        there = str(replace(self._address, host=""))
        try:
            source = RemoteSource(self, there)
        except TraitsviewError as error:
            # The user knows it by another name.
            raise type(error)(
                error.what.replace(quoted(there), quoted(self._address)), error.why, error.remedy
            ) from error
        self._source = weakref.ref(source)
        with self._lock:
            if not self._closed:
                self._network = NetworkChange(self._leave_if_silent)
        return source

    def reach(self, viewer: bytes) -> Link:
        """Return a link of `viewer` to the server, over a new connection, or one that was made aside."""
        from ..link import Link

        with self._lock:
            tunnel, self._spare = self._spare, None
        self._leave()
        if tunnel is None or not tunnel.alive:
            tunnel = self._another(DEADLINE)
        with self._lock:
            closed = self._closed
            self._tunnel = tunnel
        try:
            if closed:
                raise HostGone("the source is closed")
            link = Link(tunnel.connect, viewer=viewer)
        except BaseException:
            tunnel.close()
            raise
        self._met = True
        return link

    def doubt(self) -> None:
        """See aside whether another connection is quicker than the one that says nothing."""
        if not self._looking.locked():
            threading.Thread(target=self._look_aside, name="traitsview network aside", daemon=True).start()

    @property
    def last_words(self) -> str:
        """How the connection ended; empty while it is there."""
        tunnel = self._tunnel
        return tunnel.why if tunnel is not None and not tunnel.alive else ""

    def close(self) -> None:
        """Leave the server, which goes on."""
        with self._lock:
            self._closed = True
            network, self._network = self._network, None
            spare, self._spare = self._spare, None
        self._leave()
        if spare is not None:
            spare.close()
        if network is not None:
            network.close()

    def _another(self, timeout: float) -> Tunnel:
        """Return a new connection."""
        try:
            known = replace(credentials_for(self._host, self._port), host=self._host, port=self._port)
            secure = connect(known, timeout)
        except HostRefused as error:
            if not self._met:
                raise
            # It may be starting again, with another file: that is worth another try.
            raise HostGone(error.what, error.why, error.remedy) from error
        tunnel = Tunnel(secure)
        threading.Thread(target=tunnel.run, name="traitsview network", daemon=True).start()
        return tunnel

    def _look_aside(self) -> None:
        """Put another connection in the place of one that says nothing, unless that speaks first."""
        if not self._looking.acquire(blocking=False):
            return
        try:
            old = self._tunnel
            if old is None or not old.alive or old.silent_for < _PROOF:
                return
            began = time.monotonic()
            spare = self._another(_ASIDE)
            spoke = old.silent_for < time.monotonic() - began
            with self._lock:
                used = not self._closed and self._tunnel is old and not spoke
                if used:
                    self._spare = spare
            (old if used else spare).close()
        except TraitsviewError:
            pass  # neither speaks
        finally:
            self._looking.release()

    def _leave_if_silent(self) -> None:
        """A network has come or gone: give up a connection that says nothing, and try now where there is none."""
        tunnel = self._tunnel
        if tunnel is not None and tunnel.alive and not tunnel.answers_within(_CHANGED):
            tunnel.close()
        source = self._source() if self._source is not None else None
        if source is not None:
            source.retry()

    def _leave(self) -> None:
        with self._lock:
            tunnel, self._tunnel = self._tunnel, None
        if tunnel is not None:
            tunnel.close()
