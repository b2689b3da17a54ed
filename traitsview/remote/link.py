"""A viewer's connections to its session on a host."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ..errors import HostGone, WireError
from . import hello
from .channel import AttachmentChannel
from .connection import Calling
from .hello import Role
from .service import LONGEST_WAIT
from .stream import BufferStream

__all__ = ["LOST", "STALE", "Dial", "Link"]

#: Makes a new connection to a host within a time limit in seconds.
Dial = Callable[[float], socket.socket]

#: Seconds without any answer after which the picture is stale, and after which the host is lost.
STALE = 3.0
LOST = 10.0


class Link:
    """The connections of one session: *control*, *frames*, and as many for calls as are needed at once.

    Parameters
    ----------
    dial : callable
        Given a time limit in seconds, returns a new connection to the host, or raises `HostError`.
    deadline : float
        Seconds that the host has for its first word; it may still be starting.

    Attributes
    ----------
    control : Calling
        Answers at once, whatever the host is doing.  Any thread may post; one at a time may call.
    frames : Calling
        For the one thread that waits for finished tiles.
    quiet : callable
        Called with the seconds since anything was heard on `control`, while an answer is due.
    """

    def __init__(self, dial: Dial, deadline: float = hello.DEADLINE) -> None:
        self._dial = dial
        self._session = hello.NEW
        self._lock = threading.Lock()
        self._idle: list[Calling] = []
        self._open: set[Calling] = set()
        self._ended = False
        self.quiet: Callable[[float], None] = lambda seconds: None
        self.control = self._connection(Role.CONTROL, LOST, deadline, lambda seconds: self.quiet(seconds))
        try:
            self.frames = self._connection(Role.FRAMES, LONGEST_WAIT + LOST)
        except BaseException:
            self.close()
            raise

    @contextmanager
    def line(self) -> Iterator[Calling]:
        """Lend a connection for calls that take their time; nobody else uses it meanwhile."""
        with self._lock:
            connection = self._idle.pop() if self._idle else None
        if connection is None:
            connection = self._connection(Role.CALLS)
        try:
            yield connection
        except WireError:
            connection.close()
            raise
        finally:
            connection.channel.drop()
            with self._lock:
                if not connection.closed:
                    self._idle.append(connection)
                else:
                    self._open.discard(connection)

    def close(self) -> None:
        """End all connections, from any thread; whoever waits at one gets `HostGone`."""
        with self._lock:
            self._ended = True
            connections = tuple(self._open)
        for connection in connections:
            connection.end()

    def _connection(
        self,
        role: Role,
        silence: float | None = None,
        deadline: float = hello.DEADLINE,
        quiet: Callable[[float], None] | None = None,
    ) -> Calling:
        sock = self._dial(hello.DEADLINE)
        try:
            self._session = hello.greet(sock, role, self._session, deadline)
            connection = Calling(AttachmentChannel(BufferStream(sock, silence=silence, quiet=quiet)))
        except BaseException:
            sock.close()
            raise
        with self._lock:
            ended = self._ended
            self._open.add(connection)
        if ended:
            connection.close()
            raise HostGone("lost contact with the host")
        return connection
