"""The one ssh to each host that this process looks at."""

from __future__ import annotations

import atexit
import contextlib
import math
import os
import threading
import time
import weakref
from collections.abc import Callable
from typing import ClassVar

from ...errors import HostGone, HostRefused, TraitsviewError
from .network_change import NetworkChange
from .ssh_command import CONNECT_TIMEOUT, remote_command
from .ssh_process import SshProcess
from .tunnel import Tunnel

__all__ = ["SshConnection"]

#: Seconds of silence after which an ssh has to prove that it is alive, and that it has for it.
_SILENCE, _PROOF = 2.0, 1.0

#: Seconds without a word, once a network has come or gone, after which another ssh is tried.
_CHANGED = 3.0

#: Seconds that a later ssh has to connect, at least, and how many times what the quickest one needed in all: one that
#: began while the line was down must not wait for the network's slow repeats when it is back.
_SHORTEST, _MARGIN = 3, 1.5


class SshConnection:
    """The ssh to one host, made anew when it is needed and has ended; shared by all who name the same host.

    Any thread may call any method.
    """

    _lock = threading.Lock()
    _all: ClassVar[dict[tuple[str, ...], SshConnection]] = {}

    def __init__(self, key: tuple[str, ...]) -> None:
        self._key = key
        self._users = 0
        self._process: SshProcess | None = None
        self._spare: SshProcess | None = None
        self._refused: SshProcess | None = None
        self._looking = threading.Lock()
        self._aside: threading.Thread | None = None
        self._quickest = math.inf
        self._told: set[weakref.WeakMethod[Callable[[], None]]] = set()
        self._network = NetworkChange(self._tell)

    @classmethod
    def to(cls, host: str) -> SshConnection:
        """Return the one to `host`; it is to be left once."""
        key = (host, os.environ.get("TRAITSVIEW_SSH", ""), remote_command())
        with cls._lock:
            if key not in cls._all:
                cls._all[key] = cls(key)
                atexit.register(cls._all[key].end)
            connection = cls._all[key]
            connection._users += 1
            return connection

    def call_on_change(self, told: Callable[[], None]) -> None:
        """Have a method called, as long as its object lives, when a network of this machine comes or goes."""
        with self._lock:
            self._told.add(weakref.WeakMethod(told, self._forget))

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
            processes = self._process, self._spare
        for process in processes:
            if process is not None:
                process.close()
        self._network.close()
        aside = self._aside
        if aside is not None and aside is not threading.current_thread():
            aside.join(_PROOF)  # it has nothing to wait for any more

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
            self._process = self._another()
            return self._process

    def tunnel(self) -> Tunnel:
        """Return a tunnel to the host that is alive."""
        process = self.process()
        tunnel = process.tunnel()
        if tunnel.silent_for > _SILENCE and not tunnel.answers_within(_PROOF):
            process.close()
            process = self.process()
            tunnel = process.tunnel()
        self._quickest = min(self._quickest, process.seconds)
        return tunnel

    def doubt(self) -> None:
        """See aside whether another ssh is quicker than the one that says nothing, if that is not being done already.

        Returns at once.
        """
        if not self._looking.locked():
            self._aside = threading.Thread(target=self._look_aside, name="traitsview ssh aside", daemon=True)
            self._aside.start()

    def _look_aside(self) -> None:
        with contextlib.suppress(TraitsviewError):
            # The relay at its other end answers for the line, whatever the server behind it is doing.
            self._replace_if_silent(lambda tunnel: not tunnel.answers_within(_PROOF))

    def _tell(self) -> None:
        """A network has come or gone: see whether ssh still works, and have those who wait for it try now."""
        with contextlib.suppress(TraitsviewError):
            self._replace_if_silent(_asked_in_vain)
        with self._lock:
            methods = tuple(self._told)
        for method in methods:
            told = method()
            if told is not None:
                told()

    def _replace_if_silent(self, is_silent: Callable[[Tunnel], bool]) -> None:
        """Put another ssh in the place of one that says nothing, if that can be had without asking the user."""
        if self._looking.acquire(blocking=False):
            try:
                self._replace(self._process, is_silent)
            finally:
                self._looking.release()

    def _replace(self, old: SshProcess | None, is_silent: Callable[[Tunnel], bool]) -> None:
        if old is None or not old.alive or not old.settled or old is self._refused:
            return
        tunnel = old.tunnel()
        if not is_silent(tunnel):
            return
        with self._lock:
            if self._users < 1 or self._process is not old:
                return
            spare = self._spare = self._another()
        began = time.monotonic()
        try:
            spare.tunnel()
            spoke = tunnel.silent_for < time.monotonic() - began
            with self._lock:
                used = self._users > 0 and self._process is old and not spoke
                if used:
                    self._process, self._spare = spare, old
            (old if used else spare).close()
        except HostRefused:
            # It asks for what only the user has: trying again and again would lock them out.
            self._refused = old
            raise
        finally:
            self._spare = None

    def _another(self) -> SshProcess:
        if self._quickest == math.inf:
            return SshProcess(self._key[0])
        limit = min(CONNECT_TIMEOUT, max(_SHORTEST, math.ceil(_MARGIN * self._quickest)))
        return SshProcess(self._key[0], True, limit)

    def _forget(self, method: weakref.WeakMethod[Callable[[], None]]) -> None:
        self._told.discard(method)


def _asked_in_vain(tunnel: Tunnel) -> bool:
    return not tunnel.answers_within(_PROOF if tunnel.silent_for > _SILENCE else _CHANGED)
