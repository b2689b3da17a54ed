"""Lets viewers in and answers them, with a thread for each connection and a session for each viewer."""

from __future__ import annotations

import itertools
import logging
import os
import socket
import threading
import time

from ..protocol import hello
from ..protocol.channel import AttachmentChannel, Parting
from ..protocol.hello import CALL_CONNECTIONS, Answer, Role
from ..protocol.stream import STALL_SECONDS, BufferStream
from ..protocol.waiting_room import WaitingRoom
from ..share import ShareDesk
from .access import OWNER, Access
from .answering import Answering
from .entrance import Entrance
from .service import methods_for
from .session import Session
from .source_pool import SourcePool

__all__ = ["GUESTS", "SILENCE_SECONDS", "STRANGERS", "VIEWERS", "Server"]

logger = logging.getLogger(__name__)

#: Connections that have not said hello yet, at once, and viewers, at once.
STRANGERS = 16
VIEWERS = 64

#: Viewers that a share let in, at once, of all: so there is always room for the owner.
GUESTS = 32

#: Seconds of silence after which a viewer is gone.  A viewer asks for a sign of life every second.
SILENCE_SECONDS = 60.0

#: Connections of one viewer.  Each may hold bytes that wait to be sent, which count as memory of the session.
_CONNECTIONS = CALL_CONNECTIONS + 2

# Connections of one link come in any order: the others wait so long for the *control* connection.
_BEHIND_SECONDS = 1.0

#: When all places of unknown peers are taken, one that has said nothing for so long makes room for a newcomer.
_ROOM_SECONDS = 1.0


class _Viewer:
    """A session and its connections.

    Attributes
    ----------
    name : bytes
        The name of the session in hellos.
    who : str
        The name of the viewer in the log, because the name of the session is secret.
    """

    def __init__(self, pool: SourcePool, name: bytes, who: str, access: Access, desk: ShareDesk | None) -> None:
        self.name = name
        self.who = who
        self.came = time.monotonic()
        self.session = Session(pool, access, desk)
        self._lock = threading.Lock()
        self._connections: set[Answering] = set()
        self._welcomed: set[Answering] = set()
        self._ended: Parting | None = None

    @property
    def ended(self) -> str:
        """Why the host has ended the session; empty if it has not."""
        return self._ended.name.lower() if self._ended is not None else ""

    def add(self, connection: Answering) -> bool:
        """Add a connection; return whether there was room for one more."""
        with self._lock:
            if len(self._connections) >= _CONNECTIONS:
                return False
            self._connections.add(connection)
            return True

    def welcome(self, connection: Answering) -> None:
        """Take note that a connection got its welcome; only after that it understands a farewell."""
        with self._lock:
            self._welcomed.add(connection)
            ended = self._ended
        if ended is not None:
            connection.say_farewell(ended)

    def discard(self, connection: Answering) -> None:
        with self._lock:
            self._connections.discard(connection)
            self._welcomed.discard(connection)

    def end(self, why: Parting) -> None:
        """End the session; each connection is told why, if that takes at most 0.05 s."""
        self.session.close()
        with self._lock:
            if self._ended is not None:
                return
            self._ended = why
            connections = tuple(self._welcomed)
        for connection in connections:
            connection.say_farewell(why)


class Server:
    """Answers viewers at a listening unix socket.

    Parameters
    ----------
    listener : socket or Entrance
        It is bound and listens.  Only processes of this user are let in, whatever its mode.
    pool : SourcePool
        Opens the sources.
    desk : ShareDesk, optional
        Makes shares for the owner.
    """

    def __init__(self, listener: socket.socket | Entrance, pool: SourcePool, desk: ShareDesk | None = None) -> None:
        self._desk = desk
        self._listener = listener if isinstance(listener, Entrance) else Entrance(listener)
        self._pool = pool
        self._changed = threading.Condition()
        self._viewers: dict[bytes, _Viewer] = {}
        self._strangers = WaitingRoom(STRANGERS)
        self._numbers = itertools.count(1)

    def serve_forever(self) -> None:
        """Accept connections until the listener is closed."""
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            self._receive(sock)

    @property
    def viewers(self) -> int:
        """The number of viewers."""
        return len(self._viewers)

    def close(self) -> None:
        """Let no more viewers in, and end all sessions."""
        self._listener.close()
        with self._changed:
            viewers = tuple(self._viewers.values())
        for viewer in viewers:
            viewer.end(Parting.CLOSING)
        self._pool.close()

    def connect(self, access: Access) -> socket.socket:
        """Return a new connection to this server for a viewer with some access."""
        ours, theirs = socket.socketpair()
        self._receive(theirs, access)
        return ours

    def end(self, access: Access) -> None:
        """End the sessions of all viewers with some access, and tell them that it has ended."""
        with self._changed:
            viewers = [viewer for viewer in self._viewers.values() if viewer.session.access is access]
        for viewer in viewers:
            viewer.end(Parting.REVOKED)

    def _receive(self, sock: socket.socket, access: Access = OWNER) -> None:
        """Wait for the hello of a new connection in a thread of its own, or close the connection."""
        uid = hello.peer_uid(sock)
        if uid != os.geteuid():
            logger.warning("refused a connection of uid %d", uid)
            sock.close()
        elif not self._strangers.enter(sock, _ROOM_SECONDS, patience=2 * _ROOM_SECONDS):
            logger.warning("refused a connection: %d others have come before it", STRANGERS)
            sock.close()
        else:
            thread = threading.Thread(
                target=self._converse, args=(sock, access), name="traitsview connection", daemon=True
            )
            try:
                thread.start()
            except RuntimeError as error:
                logger.warning("cannot let a viewer in: %s", error)
                self._strangers.leave(sock)
                sock.close()

    def _converse(self, sock: socket.socket, access: Access) -> None:
        try:
            try:
                heard = hello.read_hello(sock)
            finally:
                self._strangers.leave(sock)
            if heard is None:
                logger.info("refused a connection: it said no hello that is understood here")
                sock.close()
            else:
                self._welcome(sock, access, *heard)
        except Exception:  # no bytes of an unknown peer may end the host
            logger.exception("a connection failed")
            sock.close()

    def _welcome(self, sock: socket.socket, access: Access, role: Role, checked: bool, session: bytes) -> None:
        """Join a connection to its session, and answer its calls until it ends."""
        silence = SILENCE_SECONDS if role is Role.CONTROL else None
        channel = AttachmentChannel(BufferStream(sock, STALL_SECONDS, silence), checked)
        if role is Role.CONTROL:
            joined = self._begin(session, hello.peer_pid(sock), access)
        else:
            joined = self._find(session, access)
        if isinstance(joined, Answer):
            logger.warning("refused a connection (%s): %s", role.name.lower(), joined.name.lower())
            hello.reply(sock, joined)
            sock.close()
            return
        connection = Answering(channel, methods_for(role, joined.session, channel))
        try:
            if not joined.add(connection):
                hello.reply(sock, Answer.FULL)
            elif hello.reply(sock, Answer.WELCOME, session):
                joined.welcome(connection)
                connection.serve_until_closed()
        finally:
            connection.close()
            joined.discard(connection)
            if role is Role.CONTROL:
                self._end(joined)

    def _begin(self, session: bytes, pid: int, access: Access) -> _Viewer | Answer:
        """Return a new session for a viewer, and end its older session.

        A hello may be read late, after the viewer has given this link up and made a newer one; then the newer one
        stays.
        """
        number = session[: hello.VIEWER_BYTES]
        with self._changed:
            if access.ended:
                return Answer.UNKNOWN
            old = self._viewers.get(number)
            if old is not None and old.session.access is not access:
                return Answer.UNKNOWN
            if old is None and self._is_full_for(access):
                return Answer.FULL
            if old is not None and session < old.name:
                return Answer.REPLACED
            who = f"{'guest' if access.guest else 'viewer'} {next(self._numbers)}"
            desk = None if access.guest else self._desk
            viewer = self._viewers[number] = _Viewer(self._pool, session, who, access, desk)
            self._changed.notify_all()
        again = "" if old is None else f", who was {old.who}"
        how = f"by the share {access.who!r}" if access.guest else f"through process {pid}"
        logger.info("%s came, %s%s", viewer.who, how, again)
        if old is not None:
            old.end(Parting.REPLACED)
        return viewer

    def _is_full_for(self, access: Access) -> bool:
        guests = sum(viewer.session.access.guest for viewer in self._viewers.values())
        return len(self._viewers) >= VIEWERS or (access.guest and guests >= GUESTS)

    def _find(self, session: bytes, access: Access) -> _Viewer | Answer:
        """Return the session of that name; wait a moment for its *control* connection."""
        number = session[: hello.VIEWER_BYTES]

        def found() -> _Viewer | Answer | None:
            viewer = self._viewers.get(number)
            if viewer is None or viewer.session.access is not access:
                return None
            if viewer.name == session:
                return viewer
            return Answer.REPLACED if session < viewer.name else None

        with self._changed:
            return self._changed.wait_for(found, _BEHIND_SECONDS) or Answer.UNKNOWN

    def _end(self, viewer: _Viewer) -> None:
        """End a session whose *control* connection has ended."""
        number = viewer.name[: hello.VIEWER_BYTES]
        with self._changed:
            if self._viewers.get(number) is viewer:
                del self._viewers[number]
        why = viewer.ended or "it has closed the connection, or said nothing for too long"
        logger.info("%s left after %.0f s: %s", viewer.who, time.monotonic() - viewer.came, why)
        viewer.end(Parting.SILENT)
