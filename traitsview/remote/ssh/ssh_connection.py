"""The one ssh to each host that this process looks at."""

from __future__ import annotations

import atexit
import math
import os
import threading
import weakref
from collections.abc import Callable
from typing import ClassVar

from ..tunnel.network_change import NetworkChange
from ..tunnel.standby import Standby
from ..tunnel.tunnel import Tunnel
from .ssh_command import CONNECT_SECONDS, remote_command
from .ssh_process import SshProcess

__all__ = ["SshConnection"]

#: A later ssh has this many times the seconds that the quickest one needed to connect, and at least so many seconds.
#: When the network is back, an ssh that began while it was down must not wait for the slow repeats of TCP.
_MARGIN_FACTOR = 1.5
_SHORTEST_SECONDS = 3


class SshConnection:
    """The ssh to one host, started anew when it is needed and has ended; all sources on the host share it.

    Any thread may call any method.
    """

    _lock = threading.Lock()
    _all: ClassVar[dict[tuple[str, ...], SshConnection]] = {}

    def __init__(self, key: tuple[str, ...]) -> None:
        self._key = key
        self._users = 0
        self._standby = Standby(self._another, "traitsview ssh aside")
        self._quickest = math.inf
        self._retries: set[weakref.WeakMethod[Callable[[], None]]] = set()
        self._network = NetworkChange(self._note_change)

    @classmethod
    def to(cls, host: str) -> SshConnection:
        """Return the connection to `host`; each caller has to `leave` it once."""
        key = (host, os.environ.get("TRAITSVIEW_SSH", ""), remote_command())
        with cls._lock:
            if key not in cls._all:
                cls._all[key] = cls(key)
                atexit.register(cls._all[key].end)
            connection = cls._all[key]
            connection._users += 1
            return connection

    def call_on_change(self, retry: Callable[[], None]) -> None:
        """Have a method called, as long as its object lives, when a network of this machine comes or goes."""
        with self._lock:
            self._retries.add(weakref.WeakMethod(retry, self._forget))

    def leave(self) -> None:
        """Note that a caller of `to` needs it no more; the last one ends ssh."""
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
        self._standby.close()
        self._network.close()

    @property
    def last_words(self) -> str:
        """How ssh ended; empty while it runs."""
        return self._standby.last_words

    def begin(self) -> None:
        """Start ssh, if it does not run."""
        self._standby.begin()

    def tunnel(self) -> Tunnel:
        """Return a tunnel to the host, which is alive."""
        process = self._standby.ready()
        self._quickest = min(self._quickest, process.seconds)
        return process.tunnel()

    def check_alive(self) -> None:
        """Try another ssh aside if the present one says nothing.  Returns at once."""
        self._standby.check_alive()

    def _note_change(self) -> None:
        """Note that a network has come or gone: see whether ssh still works, and then call all methods."""
        self._standby.note_change()
        with self._lock:
            methods = tuple(self._retries)
        for method in methods:
            retry = method()
            if retry is not None:
                retry()

    def _another(self, aside: bool) -> SshProcess:
        if self._quickest == math.inf:
            return SshProcess(self._key[0])
        limit = min(CONNECT_SECONDS, max(_SHORTEST_SECONDS, math.ceil(_MARGIN_FACTOR * self._quickest)))
        return SshProcess(self._key[0], True, limit)

    def _forget(self, method: weakref.WeakMethod[Callable[[], None]]) -> None:
        self._retries.discard(method)
