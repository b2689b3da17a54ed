"""A viewer's connections to its session on a host."""

from __future__ import annotations

import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress

from ...errors import HostError, HostGone, WireError
from .. import wire
from ..protocol import hello
from ..protocol.channel import AttachmentChannel
from ..protocol.codec import prepare
from ..protocol.coder import is_worth_while
from ..protocol.hello import CALL_CONNECTIONS, Role
from ..protocol.stream import BufferStream
from .calling import Calling
from .inbox import Inbox
from .pace import Pace

__all__ = ["LOST_SECONDS", "Dial", "Link"]

#: Makes a new connection to a host within a time limit in seconds.
Dial = Callable[[float], socket.socket]

#: Seconds without any answer after which the host is lost.
LOST_SECONDS = 10.0


class Link:
    """The connections of one session: *control*, *frames*, and as many for calls as are needed at once.

    Parameters
    ----------
    dial : callable
        Given a time limit in seconds, returns a new connection to the host, or raises `HostError`.
    deadline : float
        Seconds that the host has for its first hello; it may still be starting.
    viewer : bytes, optional
        The number of the viewer, from `hello.new_viewer`.  An older link of this viewer ends.
    local : bool
        Whether the host is on this machine, so that no bytes can be changed on their way.

    Attributes
    ----------
    control : Calling
        On it the host answers at once, whatever it is computing.  Any thread may post; one at a time may call.
    frames : Calling
        For the one thread that waits for finished tiles.
    pace : Pace
        The measured speed of the link.
    ends_in : float or None
        Seconds until the host ends, by its last sign of life; None if no end is known.
    quiet : callable
        Called every half second while an answer on `control` is due, with the seconds since the last byte came.
    """

    def __init__(
        self, dial: Dial, deadline: float = hello.HELLO_SECONDS, viewer: bytes | None = None, local: bool = False
    ) -> None:
        self._dial = dial
        self._checked = not local
        self.ends_in: float | None = None
        self.pace = Pace(local)
        self._session = hello.session_of(viewer or hello.new_viewer())
        self._lock = threading.Lock()
        self._lines = threading.Semaphore(CALL_CONNECTIONS)
        self._idle: list[Calling] = []
        self._open: set[Calling] = set()
        self._ended = False
        self.quiet: Callable[[float], None] = lambda seconds: None
        with ExitStack() as undone:
            undone.callback(self.close)
            # No hello waits for another one: together they take one round trip.
            control = undone.enter_context(self._said(Role.CONTROL))
            began = time.monotonic()
            frames, calls = (undone.enter_context(self._said(role)) for role in (Role.FRAMES, Role.CALLS))
            self.control = self._welcomed(control, LOST_SECONDS, deadline, lambda seconds: self.quiet(seconds))
            self.pace.answered(time.monotonic() - began)  # a first idea of how far away the host is
            self.frames = self._welcomed(frames, wire.LONGEST_WAIT + LOST_SECONDS)
            self._idle.append(self._welcomed(calls))
            if is_worth_while(self.pace.speeds):
                # So the host knows the speeds before it is asked for pixels, and both sides import their codecs now.
                prepare()
                self._tell_speeds()
            undone.pop_all()

    @contextmanager
    def borrow(self) -> Iterator[Calling]:
        """Lend a connection for calls that take their time; nobody else uses it meanwhile."""
        with self._lines:
            with self._lock:
                connection = self._idle.pop() if self._idle else None
            if connection is None:
                connection = self._welcomed(self._said(Role.CALLS))
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

    def ping(self) -> bool:
        """Wait for a sign of life; return whether the host is computing."""
        began = time.monotonic()
        answer = self.control.call("ping", wire.pack_speeds(self.pace.speeds_to_tell()))
        self.pace.answered(time.monotonic() - began)
        if is_worth_while(self.pace.speeds):
            prepare()
        busy, self.ends_in = wire.unpack_life(answer)
        return busy

    def receive(self, inbox: Inbox) -> None:
        """Fill `inbox` until the link ends, which raises `HostError`.

        Several answers are asked for at once.  Together they have enough bytes for the link never to be idle, and no
        more, so that a new wish does not wait behind many pixels of the one before.  While nothing is missing fewer
        bytes are asked for: the answer to the next wish sets out at once, and the link may have become slow meanwhile.
        """
        inbox.decoded = self.pace.decoded
        limits: deque[int] = deque()
        backlog, last = False, 0.0
        while True:
            limit, room = self.pace.batch, self.pace.room(inbox.missing_bytes if backlog else 0)
            while not limits or sum(limits) + limit <= room:
                limits.append(limit)
                self.frames.ask("next", wire.LONGEST_WAIT, limit)
            answer = self.frames.answer(limits.popleft())
            now, channel = time.monotonic(), self.frames.channel
            if channel.brought:
                # While the host had more to send, the time since the answer before is the link's.
                self.pace.came(channel.brought, last if backlog else now - channel.took, now, backlog)
            backlog, last = inbox.accept(answer, channel), now

    def close(self) -> None:
        """End all connections; any thread may call it.  Threads that wait at a connection get `HostGone`."""
        with self._lock:
            self._ended = True
            connections = tuple(self._open)
        for connection in connections:
            connection.end()

    @property
    def replaced(self) -> bool:
        """Whether the host has ended this link for a newer one of this viewer; false while a call is under way."""
        return self.control.replaced

    def _came(self, size: int, seconds: float) -> None:
        """Take note of the bytes that an answer has brought; tell the host the speeds if they have changed much."""
        now = time.monotonic()
        self.pace.came(size, now - seconds, now)
        if self.pace.is_news:
            with suppress(HostError):
                self._tell_speeds()

    def _tell_speeds(self) -> None:
        """Tell the host the speeds of the link, without waiting for an answer."""
        self.control.post("ping", wire.pack_speeds(self.pace.speeds_to_tell()))

    def _said(self, role: Role) -> socket.socket:
        """Return a new connection on which our hello was sent."""
        sock = self._dial(hello.HELLO_SECONDS)
        try:
            hello.send_hello(sock, role, self._session, self._checked)
        except BaseException:
            sock.close()
            raise
        return sock

    def _welcomed(
        self,
        sock: socket.socket,
        silence: float | None = None,
        deadline: float = hello.HELLO_SECONDS,
        quiet: Callable[[float], None] | None = None,
    ) -> Calling:
        """Wait until the host answers our hello on `sock`, and return the connection."""
        try:
            hello.await_welcome(sock, self._session, deadline)
            channel = AttachmentChannel(BufferStream(sock, silence=silence, quiet=quiet), self._checked)
            # Within a machine nothing is measured: the result would be how busy the machine is.
            connection = Calling(channel, None if self.pace.local else self._came)
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
