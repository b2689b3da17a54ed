"""A host at the other end of one stream of bytes over TCP, in the place of a stream of ssh."""

from __future__ import annotations

import ctypes
import socket
import threading
from collections.abc import Callable
from pathlib import Path

from traitsview.errors import HostGone
from traitsview.remote.protocol import endpoint, hello
from traitsview.remote.tunnel.byte_stream import DescriptorStream
from traitsview.remote.tunnel.standby import Standby
from traitsview.remote.tunnel.stream_attempt import StreamAttempt
from traitsview.remote.tunnel.tunnel import Tunnel
from traitsview.remote.viewer.link import Link
from traitsview.remote.viewer.route import Route

from .patience import PATIENCE

__all__ = ["FarEnd", "FarRoute", "socket_in"]

_CLONE_NEWNET = 0x40000000


def socket_in(namespace: str) -> socket.socket:
    """Return a new TCP socket in a network namespace.  This process can use it without being in the namespace."""
    made: list[socket.socket] = []

    def make() -> None:
        with open(Path("/run/netns") / namespace) as place:
            if ctypes.CDLL(None, use_errno=True).setns(place.fileno(), _CLONE_NEWNET):
                raise OSError(ctypes.get_errno(), "cannot enter a network namespace")
        made.append(socket.socket())

    # Only this thread moves to the namespace, and it ends at once.
    thread = threading.Thread(target=make)
    thread.start()
    thread.join()
    return made[0]


def _stream_over(sock: socket.socket) -> DescriptorStream:
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    descriptor = sock.detach()
    return DescriptorStream(descriptor, descriptor)


class FarRoute(Route):
    """The way to a host through a tunnel over a socket.  `dial` makes the socket within a time limit in seconds."""

    def __init__(self, dial: Callable[[float], socket.socket], source_text: str) -> None:
        self.text_there = source_text
        self._dial = dial
        self._standby = Standby(self._another, "traitsview aside")

    def reach(self, viewer: bytes) -> Link:
        """Return a link through the tunnel if it is alive, else through a new tunnel."""
        return Link(self._standby.ready().tunnel().connect, hello.HELLO_SECONDS, viewer)

    def check_alive(self) -> None:
        """Try in another thread whether a new tunnel answers sooner, as the routes by ssh and TLS do."""
        self._standby.check_alive()

    @property
    def last_words(self) -> str:
        """Why the tunnel ended; empty as long as it goes on."""
        return self._standby.last_words

    def close(self) -> None:
        """End the tunnel."""
        self._standby.close()

    def _another(self, aside: bool) -> StreamAttempt:
        return StreamAttempt(lambda: self._connected(1.0 if aside else 3.0), "traitsview tunnel")

    def _connected(self, timeout: float) -> DescriptorStream:
        try:
            return _stream_over(self._dial(timeout))
        except OSError as error:
            raise HostGone("cannot reach the host", str(error)) from error


class FarEnd:
    """Joins connections that `listener`, a TCP socket, accepts to the unix socket of a server; a context manager.

    `server` returns the path of the unix socket.  It is called for each connection.
    """

    def __init__(self, listener: socket.socket, server: Callable[[], Path]) -> None:
        self._listener = listener
        self._server = server
        self._tunnels: list[Tunnel] = []

    def __enter__(self) -> FarEnd:
        self._thread = threading.Thread(target=self._accept, name="far end", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(PATIENCE)
        for tunnel in self._tunnels:
            tunnel.close()

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            tunnel = Tunnel(_stream_over(sock), lambda number: endpoint.connect(self._server(), PATIENCE), 60.0)
            threading.Thread(target=tunnel.run, name="traitsview tunnel", daemon=True).start()
            self._tunnels = [each for each in self._tunnels if each.alive] + [tunnel]
