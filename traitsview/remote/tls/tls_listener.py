"""Lets viewers in over the network, and joins each of them to the server's own socket."""

from __future__ import annotations

import contextlib
import errno
import ipaddress
import logging
import socket
import ssl
import threading
import time
from collections.abc import Callable
from pathlib import Path

from ...errors import HostRefused, RequestError
from ..protocol import endpoint
from ..protocol.waiting_room import WaitingRoom
from ..tunnel.tunnel import Tunnel
from . import credentials
from .credentials import Credentials
from .secure_socket import SecureSocket, pinning
from .tls_handshake import Stranger, let_in

__all__ = ["GUESTS", "STRANGERS", "VIEWERS", "Carry", "Listener", "bridge", "bridge_to"]

logger = logging.getLogger(__name__)

#: Connections of unknown peers at once, and viewers at once.
STRANGERS = 16
VIEWERS = 64

#: When there are so many viewers no guest is let in, so that there is room for this user.
GUESTS = 48

#: When all places of strangers are taken, a stranger who has been there for so long makes room for a newcomer.
_ROOM_SECONDS = 1.0

#: Serves a viewer that was let in until its connection ends.
Carry = Callable[[SecureSocket], None]

#: Seconds of silence after which a viewer is gone.  A viewer asks for a sign of life every second.
_SILENCE_SECONDS = 60.0

#: Seconds that the server's own socket has to take a connection.
_CONNECT_SECONDS = 5.0


def bridge_to(socket_path: Callable[[], Path]) -> Carry:
    """Return a function that joins a viewer to the server at `socket_path()`, and returns when one of them goes."""
    return bridge(lambda: endpoint.connect(socket_path(), _CONNECT_SECONDS))


def bridge(connect: Callable[[], socket.socket]) -> Carry:
    """Return a function that joins each channel of a viewer to what `connect` returns, until the viewer goes."""

    def carry(secure: SecureSocket) -> None:
        Tunnel(secure, lambda number: connect(), _SILENCE_SECONDS).run()

    return carry


class Listener:
    """Listens on the network for viewers of this user, who prove that they can read the user's own file.

    With `admit` it also lets in those who have another file.  Any thread may call any method.

    Parameters
    ----------
    host : str
        A name or address of this machine.
    port : int
        With 0 the system chooses a free one.
    carry : callable
        Given the connection to a viewer that was let in, serves it until it ends.  Called in a thread for each viewer.

    Attributes
    ----------
    address : str
        ``tls://HOST:PORT``
    credentials : Credentials
        Those in the user's own file.

    Raises
    ------
    HostRefused
        If it cannot listen there, or the credentials cannot be made or written.
    """

    def __init__(self, host: str, port: int, carry: Carry) -> None:
        self._socket = _listening(host, port)
        try:
            port = self._socket.getsockname()[1]
            self._identity, self.credentials = credentials.issue(host, port)
            self._carries = {self.credentials: carry}
            self._context = self._pinned()
            self._record = credentials.keep(self.credentials)
        except BaseException:
            self._socket.close()
            raise
        self.address = f"tls://{host}:{port}"
        self._lock = threading.Lock()
        self._strangers = WaitingRoom(STRANGERS)
        self._viewers: dict[SecureSocket, tuple[Credentials, str]] = {}
        self._thread = threading.Thread(target=self._accept, name="traitsview network", daemon=True)
        self._thread.start()

    def admit(self, known: Credentials, carry: Carry) -> None:
        """Let in viewers with these credentials too, and serve them by `carry`."""
        with self._lock:
            self._carries[known] = carry
            self._context = self._pinned()

    def dismiss(self, known: Credentials) -> None:
        """Let nobody in any more with these credentials."""
        with self._lock:
            self._carries.pop(known, None)
            self._context = self._pinned()

    def abort(self, known: Credentials) -> None:
        """End all connections of viewers with these credentials."""
        with self._lock:
            ending = [viewer for viewer, (theirs, _) in self._viewers.items() if theirs == known]
        for viewer in ending:
            viewer.abort()

    def peers(self, known: Credentials) -> tuple[str, ...]:
        """Return the network addresses of the viewers with these credentials."""
        with self._lock:
            return tuple(sorted(peer for theirs, peer in self._viewers.values() if theirs == known))

    def close(self) -> None:
        """Let nobody in any more, end all connections and remove the credentials."""
        credentials.remove(self._record)
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        with self._lock:
            ending = [*self._viewers]
        self._strangers.close()
        for viewer in ending:
            viewer.abort()

    def _pinned(self) -> ssl.SSLContext:
        """Return the TLS of a server that agrees with all who are let in."""
        return pinning(self._identity, "".join(each.client_certificate for each in self._carries), server_side=True)

    def _accept(self) -> None:
        while True:
            try:
                sock, peer = self._socket.accept()
            except OSError as error:
                if error.errno in (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM):
                    logger.warning("cannot let a viewer in: %s", error)
                    time.sleep(0.1)
                    continue
                if error.errno in (errno.ECONNABORTED, errno.EINTR, errno.EPROTO):
                    continue
                return
            if self._strangers.enter(sock, _ROOM_SECONDS):
                thread = threading.Thread(
                    target=self._meet, args=(sock, peer[0]), name="traitsview network viewer", daemon=True
                )
                try:
                    thread.start()
                except RuntimeError as error:
                    logger.warning("cannot let a viewer in: %s", error)
                    self._strangers.leave(sock)
                    sock.close()
            else:
                sock.close()

    def _meet(self, sock: socket.socket, peer: str) -> None:
        """Let the peer of one connection in, and serve it; called in a thread of its own."""
        try:
            try:
                with self._lock:
                    context, known = self._context, tuple(self._carries)
                secure, theirs = let_in(sock, context, *known)
            finally:
                self._strangers.leave(sock)
            self._serve(secure, peer, theirs)
        except Stranger as error:
            logger.warning("refused a connection from %s: %s", peer, str(error))
        except Exception:  # a stranger's bytes must not end the server
            logger.exception("a connection from %s failed", peer)
            sock.close()

    def _serve(self, secure: SecureSocket, peer: str, theirs: Credentials) -> None:
        with self._lock:
            full = len(self._viewers) >= (VIEWERS if theirs == self.credentials else GUESTS)
            carry = None if full else self._carries.get(theirs)  # they may have been dismissed meanwhile
            if carry is not None:
                self._viewers[secure] = theirs, peer
        try:
            if full:
                logger.warning("refused a viewer from %s: there are %d", peer, len(self._viewers))
            elif carry is not None:
                logger.info("a viewer from %s", peer)
                carry(secure)
        finally:
            with self._lock:
                self._viewers.pop(secure, None)
            secure.close()


def _listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens at one address of this machine."""
    what = f"cannot listen at tls://{host}:{port}"
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)[0]
    except OSError as error:
        raise HostRefused(what, f"the name is not known here ({error.strerror})") from error
    if ipaddress.ip_address(str(address[0]).partition("%")[0]).is_unspecified:
        raise RequestError(what, "it stands for all networks at once", "name one address of this machine")
    sock = socket.socket(family, kind, protocol)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(address)
        sock.listen(64)
    except OSError as error:
        sock.close()
        why = "it is not an address of this machine" if error.errno == errno.EADDRNOTAVAIL else str(error.strerror)
        raise HostRefused(what, why) from error
    return sock
