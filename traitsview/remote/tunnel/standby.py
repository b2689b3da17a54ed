"""The way to a host that is in use, and another one that is tried aside when that says nothing."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from ...errors import HostGone, HostRefused, TraitsviewError
from .tunnel import Tunnel

__all__ = ["Standby", "TunnelAttempt"]

#: Seconds of silence after which a tunnel has to prove that it is alive.
_SILENCE_SECONDS = 2.0

#: Seconds that a silent tunnel has for the proof.
_PROOF_SECONDS = 1.0

#: Seconds that a tunnel which is not silent has for the proof, when a network has come or gone.
_CHANGE_SECONDS = 3.0


class TunnelAttempt(Protocol):
    """A tunnel to a host that is being made, is there, or has ended; any thread may call it."""

    @property
    def alive(self) -> bool:
        """Whether it is on its way to the host, or there."""

    @property
    def settled(self) -> bool:
        """Whether `tunnel` would not wait."""

    @property
    def last_words(self) -> str:
        """How it ended; empty while it does not."""

    def tunnel(self) -> Tunnel:
        """Return the tunnel, when it is there; raises what keeps it from being there."""

    def close(self) -> None:
        """End it, soon."""


W = TypeVar("W", bound=TunnelAttempt)


class Standby(Generic[W]):
    """Leads to a host: by the way that is in use, or by a new one when that has ended.

    A way that says nothing is not given up for that alone: another one is tried aside, and who speaks first is used.
    Any thread may call any method.

    Parameters
    ----------
    begin : callable
        Begins a way and returns at once; given whether it is tried aside.
    name : str
        Of the thread that tries aside.
    """

    def __init__(self, begin: Callable[[bool], W], name: str) -> None:
        self._begin = begin
        self._name = name
        self._lock = threading.Lock()
        self._way: W | None = None
        self._other: W | None = None
        self._refused: W | None = None
        self._closed = False
        self._looking = threading.Lock()
        self._aside: threading.Thread | None = None
        # Who was asked for a sign of life last, and when.
        self._asked: Tunnel | None = None
        self._asked_at = 0.0

    @property
    def last_words(self) -> str:
        """How the way ended; empty while it does not."""
        way = self._way
        return way.last_words if way is not None else ""

    def begin(self) -> W:
        """Return the way that is in use, or one that has just begun."""
        with self._lock:
            if self._way is None or not self._way.alive:
                if self._closed:
                    raise HostGone("the source is closed")
                self._way = self._begin(False)
            return self._way

    def ready(self) -> W:
        """Return a way that is there and alive; raises what keeps it from being there."""
        way = self.begin()
        tunnel = way.tunnel()
        if tunnel.silent_for > _SILENCE_SECONDS and not tunnel.answers_within(_PROOF_SECONDS):
            way.close()
            way = self.begin()
            way.tunnel()
        return way

    def check_alive(self) -> None:
        """See aside whether another way is quicker than the one that says nothing, if that is not being done already.

        Returns at once.
        """
        if not self._looking.locked():
            self._aside = threading.Thread(
                target=self._replace_if_silent, args=(_PROOF_SECONDS,), name=self._name, daemon=True
            )
            self._aside.start()

    def note_change(self) -> None:
        """Note that a network has come or gone: see whether the way still works, and return when that is known."""
        self._replace_if_silent(_CHANGE_SECONDS)

    def close(self) -> None:
        """End all ways; there are no new ones."""
        with self._lock:
            self._closed = True
            ways = self._way, self._other
        for way in ways:
            if way is not None:
                way.close()
        aside = self._aside
        if aside is not None and aside is not threading.current_thread():
            aside.join(_PROOF_SECONDS)  # it has nothing to wait for any more

    def _replace_if_silent(self, patience: float) -> None:
        """Put another way in the place of one that says nothing, if that can be had without asking the user."""
        if self._looking.acquire(blocking=False):
            try:
                with contextlib.suppress(TraitsviewError):
                    self._replace(self._way, patience)
            finally:
                self._looking.release()

    def _replace(self, old: W | None, patience: float) -> None:
        if old is None or not old.alive or not old.settled or old is self._refused:
            return
        tunnel = old.tunnel()
        if not self._is_silent(tunnel, patience):
            return
        with self._lock:
            if self._closed or self._way is not old:
                return
            other = self._other = self._begin(True)
        began = time.monotonic()
        try:
            other.tunnel()
            with self._lock:
                silent = tunnel.silent_for >= time.monotonic() - began
                used = silent and not self._closed and self._way is old
                if used:
                    # Until the old one has ended `close` waits for it.
                    self._way, self._other = other, old
            (old if used else other).close()
        except HostRefused:
            # It asks for what only the user has: trying again and again would lock them out.
            self._refused = old
            raise
        finally:
            self._other = None

    def _is_silent(self, tunnel: Tunnel, patience: float) -> bool:
        """Ask for a sign of life, unless there was none since it was asked for the last time."""
        now = time.monotonic()
        # The other end of the tunnel answers for the line, whatever the server behind it is doing.
        if self._asked is not tunnel or tunnel.silent_for < now - self._asked_at:
            self._asked, self._asked_at = tunnel, now
            return not tunnel.answers_within(_PROOF_SECONDS if tunnel.silent_for > _SILENCE_SECONDS else patience)
        return True
