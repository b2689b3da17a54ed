"""Lets viewers in and answers them: a thread for each connection, a session for each viewer."""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import secrets
import socket
import threading
import time

from . import hello
from .channel import AttachmentChannel
from .connection import Answering
from .hello import Answer, Role
from .service import methods_for
from .session import Session
from .shelf import Shelf
from .stream import PATIENCE, BufferStream

__all__ = ["STRANGERS", "VIEWERS", "Server"]

logger = logging.getLogger(__name__)

#: Connections that have not said hello yet, and viewers, that are let in at once.
STRANGERS = 16
VIEWERS = 64

#: Connections of one viewer.
_CONNECTIONS = 16


class _Viewer:
    """A session and its connections."""

    def __init__(self, shelf: Shelf) -> None:
        self.session = Session(shelf)
        self.connections: set[Answering] = set()

    def end(self) -> None:
        self.session.close()
        for connection in tuple(self.connections):
            connection.abort()


class Server:
    """Answers viewers at a listening unix socket.

    Parameters
    ----------
    listener : socket
        Bound and listening; only processes of this user are let in, whatever its mode.
    shelf : Shelf
        Where sources are opened.
    """

    def __init__(self, listener: socket.socket, shelf: Shelf) -> None:
        self._listener = listener
        self._shelf = shelf
        self._lock = threading.Lock()
        self._viewers: dict[bytes, _Viewer] = {}
        self._strangers = threading.Semaphore(STRANGERS)

    def serve_forever(self) -> None:
        """Accept connections until the listener is closed."""
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError as error:
                if error.errno in (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM):
                    logger.warning("cannot let a viewer in: %s", error)
                    time.sleep(0.1)
                    continue
                if error.errno in (errno.ECONNABORTED, errno.EINTR):
                    continue
                return
            self._receive(sock)

    @property
    def viewers(self) -> int:
        """How many viewers there are."""
        return len(self._viewers)

    def close(self) -> None:
        """Let nobody in any more and end all sessions."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            viewers = tuple(self._viewers.values())
        for viewer in viewers:
            viewer.end()

    def _receive(self, sock: socket.socket) -> None:
        """Give a stranger a thread to say hello in, or send it away."""
        uid = hello.peer_uid(sock)
        if uid != os.geteuid():
            logger.warning("refused a connection of uid %d", uid)
            sock.close()
        elif not self._strangers.acquire(blocking=False):
            logger.warning("refused a connection: %d others have not said hello yet", STRANGERS)
            sock.close()
        else:
            thread = threading.Thread(target=self._converse, args=(sock,), name="traitsview connection", daemon=True)
            try:
                thread.start()
            except RuntimeError as error:
                logger.warning("cannot let a viewer in: %s", error)
                self._strangers.release()
                sock.close()

    def _converse(self, sock: socket.socket) -> None:
        try:
            try:
                heard = hello.hear(sock)
            finally:
                self._strangers.release()
            if heard is None:
                sock.close()
            else:
                self._welcome(sock, *heard)
        except Exception:  # a stranger's bytes must not end the host
            logger.exception("a connection failed")
            sock.close()

    def _welcome(self, sock: socket.socket, role: Role, number: bytes) -> None:
        """Join a connection to its session and answer it until it ends."""
        channel = AttachmentChannel(BufferStream(sock, PATIENCE))
        with self._lock:
            if role is Role.CONTROL and len(self._viewers) < VIEWERS:
                number = secrets.token_bytes(16)
                self._viewers[number] = _Viewer(self._shelf)
            viewer = self._viewers.get(number)
            known = viewer is not None and len(viewer.connections) < _CONNECTIONS
            if viewer is not None and known:
                connection = Answering(channel, methods_for(role, viewer.session, channel))
                viewer.connections.add(connection)
        if viewer is None or not known:
            hello.reply(sock, Answer.UNKNOWN)
            sock.close()
            return
        try:
            if hello.reply(sock, Answer.WELCOME, number):
                connection.serve_until_closed()
        finally:
            connection.close()
            with self._lock:
                viewer.connections.discard(connection)
                if role is Role.CONTROL:
                    del self._viewers[number]
            if role is Role.CONTROL:
                viewer.end()
