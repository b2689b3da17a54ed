"""Keeps a tunnel to a host, and tries another one aside when the first says nothing."""

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
    """An attempt to lay a tunnel, and the tunnel if it succeeds; any thread may call any method."""

    @property
    def alive(self) -> bool:
        """Whether the tunnel is being laid, or carries bytes."""

    @property
    def settled(self) -> bool:
        """Whether it has succeeded or failed, so that `tunnel` does not wait."""

    @property
    def last_words(self) -> str:
        """How the tunnel ended; empty while it is alive."""

    def tunnel(self) -> Tunnel:
        """Wait until the attempt is settled; return the tunnel, or raise the error that kept it from being laid."""

    def close(self) -> None:
        """End the attempt or its tunnel, soon."""


W = TypeVar("W", bound=TunnelAttempt)


class Standby(Generic[W]):
    """Has a tunnel to a host: the present one, or a new one when that has ended.

    A tunnel that says nothing is not given up for that alone.  Another one is tried aside, and the one that says
    something first is used.  Any thread may call any method.

    Parameters
    ----------
    begin : callable
        Begins a `TunnelAttempt` and returns at once; its argument says whether it is tried aside.
    name : str
        The name of the thread that tries aside.
    """

    def __init__(self, begin: Callable[[bool], W], name: str) -> None:
        self._begin = begin
        self._name = name
        self._lock = threading.Lock()
        self._attempt: W | None = None
        self._other: W | None = None
        self._refused: W | None = None
        self._closed = False
        self._looking = threading.Lock()
        self._aside: threading.Thread | None = None
        # The tunnel that was asked for a sign of life last, and the time of that.
        self._asked: Tunnel | None = None
        self._asked_at = 0.0

    @property
    def last_words(self) -> str:
        """How the tunnel in use ended; empty while it is alive."""
        attempt = self._attempt
        return attempt.last_words if attempt is not None else ""

    def begin(self) -> W:
        """Return the attempt that is in use, or one that has just begun."""
        with self._lock:
            if self._attempt is None or not self._attempt.alive:
                if self._closed:
                    raise HostGone("the source is closed")
                self._attempt = self._begin(False)
            return self._attempt

    def ready(self) -> W:
        """Return an attempt whose tunnel is there and alive; raises the error that keeps it from being there."""
        attempt = self.begin()
        tunnel = attempt.tunnel()
        if tunnel.silent_for > _SILENCE_SECONDS and not tunnel.answers_within(_PROOF_SECONDS):
            attempt.close()
            attempt = self.begin()
            attempt.tunnel()
        return attempt

    def check_alive(self) -> None:
        """Try another tunnel aside if the present one says nothing, unless that is being done already.

        Returns at once.
        """
        if not self._looking.locked():
            self._aside = threading.Thread(
                target=self._replace_if_silent, args=(_PROOF_SECONDS,), name=self._name, daemon=True
            )
            self._aside.start()

    def note_change(self) -> None:
        """Note that a network has come or gone: see whether the tunnel still works, and return when that is known."""
        self._replace_if_silent(_CHANGE_SECONDS)

    def close(self) -> None:
        """End all attempts, and begin no new ones."""
        with self._lock:
            self._closed = True
            attempts = self._attempt, self._other
        for attempt in attempts:
            if attempt is not None:
                attempt.close()
        aside = self._aside
        if aside is not None and aside is not threading.current_thread():
            aside.join(_PROOF_SECONDS)  # it has nothing left to wait for

    def _replace_if_silent(self, patience: float) -> None:
        """Replace a tunnel that says nothing by another one, if no user has to be asked for that."""
        if self._looking.acquire(blocking=False):
            try:
                with contextlib.suppress(TraitsviewError):
                    self._replace(self._attempt, patience)
            finally:
                self._looking.release()

    def _replace(self, old: W | None, patience: float) -> None:
        if old is None or not old.alive or not old.settled or old is self._refused:
            return
        tunnel = old.tunnel()
        if not self._is_silent(tunnel, patience):
            return
        with self._lock:
            if self._closed or self._attempt is not old:
                return
            other = self._other = self._begin(True)
        began = time.monotonic()
        try:
            other.tunnel()
            with self._lock:
                silent = tunnel.silent_for >= time.monotonic() - began
                used = silent and not self._closed and self._attempt is old
                if used:
                    # `close` ends the old one too, as long as it has not ended.
                    self._attempt, self._other = other, old
            (old if used else other).close()
        except HostRefused:
            # It asks for a password or the like: to try again and again could lock the user out.
            self._refused = old
            raise
        finally:
            self._other = None

    def _is_silent(self, tunnel: Tunnel, patience: float) -> bool:
        """Return whether a tunnel says nothing; ask it for a sign of life, unless it still owes the last one."""
        now = time.monotonic()
        # The other end of the tunnel answers at once, whatever the server behind it is doing.
        if self._asked is not tunnel or tunnel.silent_for < now - self._asked_at:
            self._asked, self._asked_at = tunnel, now
            return not tunnel.answers_within(_PROOF_SECONDS if tunnel.silent_for > _SILENCE_SECONDS else patience)
        return True
