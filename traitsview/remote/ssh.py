"""Reaches hosts through the user's ssh: one ssh for each, however many sources are open there."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import socket
import threading
import weakref
from typing import TYPE_CHECKING, ClassVar

from ..errors import HostError, HostGone, HostRefused, SourceError, quoted
from .ssh_process import SshProcess, remote_command
from .tunnel import Tunnel

if TYPE_CHECKING:
    from ..sources.address import Address
    from .link import Link
    from .remote_source import RemoteSource

__all__ = ["SshHost"]

#: Seconds of silence after which an ssh has to prove that it is alive, and that it has for it.
_SILENCE, _PROOF = 2.0, 1.0

#: Seconds that the server has for its first word: it may have to be started; and afterwards.
_START, _ANSWER = 60.0, 8.0


class SshHost:
    """A host that is reached by ssh.

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
        self._connection = _Connection.to(address.host)

    @classmethod
    def start(cls, address: Address) -> SshHost:
        """Begin to reach the host; returns at once.

        ssh may ask the user for a password on the terminal, this once.
        """
        host = cls(address)
        try:
            host._connection.process()
        except BaseException:
            host.close()
            raise
        return host

    def connect(self) -> RemoteSource:
        """Return the source, when it is open; closing it closes this.  Raises what opening raises."""
        from .remote_source import RemoteSource

        try:
            return RemoteSource(self, _text_there(self._address))
        except SourceError as error:
            # Its name there is not the one that the user has typed.
            raise type(error)(f"{error.what} on {quoted(self._address.host)}", error.why, error.remedy) from error

    def reach(self, viewer: bytes) -> Link:
        """Return a link to the user's server there, by the ssh that runs, or by a new one."""
        from .link import Link

        tunnel = self._connection.tunnel()
        tunnel.words = ""

        def dial(timeout: float) -> socket.socket:
            if self._closed:
                raise HostGone("the source is closed")
            sock = tunnel.connect(timeout)
            self._sockets.add(sock)
            return sock

        try:
            link = Link(dial, _ANSWER if self._reached else _START, viewer)
        except HostGone as error:
            raise _told(tunnel.words, self._address.host) or error from error
        self._reached = True
        return link

    @property
    def last_words(self) -> str:
        """How ssh ended; empty while it runs."""
        return self._connection.last_words

    def close(self) -> None:
        """End what goes through here, and ssh if nobody else needs it, within 2 s."""
        if self._closed:
            return
        self._closed = True
        for sock in tuple(self._sockets):
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        self._connection.leave()


class _Connection:
    """The ssh to one host, made anew when it is needed and has ended; shared by all who name the same host.

    Any thread may call any method.
    """

    _lock = threading.Lock()
    _all: ClassVar[dict[tuple[str, ...], _Connection]] = {}

    def __init__(self, key: tuple[str, ...]) -> None:
        self._key = key
        self._users = 0
        self._process: SshProcess | None = None
        self._met = False

    @classmethod
    def to(cls, host: str) -> _Connection:
        """Return the one to `host`; it is to be left once."""
        key = (host, os.environ.get("TRAITSVIEW_SSH", ""), remote_command())
        with cls._lock:
            if key not in cls._all:
                cls._all[key] = cls(key)
                atexit.register(cls._all[key].end)
            connection = cls._all[key]
            connection._users += 1
            return connection

    def leave(self) -> None:
        """Note that one user less needs it; the last one ends it."""
        with self._lock:
            self._users -= 1
            last = not self._users
            if last:
                del self._all[self._key]
        if last:
            atexit.unregister(self.end)
            self.end()

    def end(self) -> None:
        """End ssh."""
        with self._lock:
            process = self._process
        if process is not None:
            process.close()

    @property
    def last_words(self) -> str:
        """How ssh ended; empty while it runs."""
        process = self._process
        return process.last_words if process is not None else ""

    def process(self) -> SshProcess:
        """Return the ssh that runs, or a new one."""
        with self._lock:
            if self._process is not None and self._process.alive:
                return self._process
            if self._users < 1:
                raise HostGone("the source is closed")
            self._process = SshProcess(self._key[0], batch=self._met)
            return self._process

    def tunnel(self) -> Tunnel:
        """Return a tunnel to the host that is alive."""
        process = self.process()
        tunnel = process.tunnel()
        if tunnel.silent_for > _SILENCE and not tunnel.answers_within(_PROOF):
            process.close()
            tunnel = self.process().tunnel()
        self._met = True
        return tunnel


def _text_there(address: Address) -> str:
    """Return what names the source on its host: relative to the home folder there, and never another host."""
    path = address.path
    if address.scheme != "file":
        return f"{address.scheme}:{path}"
    if not path.startswith(("/", "~")):
        path = f"~/{path}"
    return f"{path}::{address.inside}" if address.inside else path


def _told(words: str, host: str) -> HostError | None:
    """Return the error that a relay told of, if it did."""
    try:
        what, why, remedy = (quoted(part, 300)[1:-1] for part in json.loads(words))
    except (ValueError, TypeError, RecursionError):
        return None
    return HostRefused(f"{what} on {quoted(host)}", why, remedy)
