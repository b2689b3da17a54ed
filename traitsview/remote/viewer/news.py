"""Tells those who watch a source what becomes of its link."""

from __future__ import annotations

import logging
import math
import threading
from collections.abc import Callable

from ...errors import HostEnding, HostError, HostStale

__all__ = ["Listener", "News"]

logger = logging.getLogger(__name__)

#: From so many minutes before the end of a host on, its end is told.
ENDING_MINUTES = 10

Listener = Callable[[HostError | None], None]


class News:
    """Tells all listeners, one piece of news after the other.

    Any thread may call any method.

    Parameters
    ----------
    holds : callable
        Returns whether a piece of news is still true; asked just before that is told.

    Attributes
    ----------
    stale : HostStale or None
        What is told while the host does not answer.
    """

    def __init__(self, holds: Callable[[HostError | None], bool]) -> None:
        self._holds = holds
        self._telling = threading.RLock()
        self._listeners: list[Listener] = []
        self._minutes: int | None = None
        self.stale: HostStale | None = None

    def add(self, listener: Listener) -> None:
        """Have `listener` called with each piece of news from now on."""
        self._listeners.append(listener)

    def tell(self, news: HostError | None) -> None:
        """Tell the listeners, unless the news is no longer true."""
        with self._telling:
            if not self._holds(news):
                return
            for listener in tuple(self._listeners):
                try:
                    listener(news)
                except Exception:  # the code of others, which must not keep the contact from coming back
                    logger.exception("a watcher failed")

    @property
    def ending(self) -> HostEnding | None:
        """What is told while the host ends soon."""
        minutes = self._minutes
        if minutes is None or minutes > ENDING_MINUTES:
            return None
        left = f"{minutes} min" if minutes > 1 else "less than 1 min"
        return HostEnding("the host ends soon", f"its time is over in {left}", minutes=minutes)

    def note_end(self, seconds: float | None) -> None:
        """Note that the host ends in so many seconds, or that no end is known; tell it where the minutes differ."""
        minutes = None if seconds is None else math.ceil(seconds / 60)
        if minutes != self._minutes:
            self._minutes = minutes
            self.tell_end()

    def forget_end(self) -> None:
        """Have the next `note_end` tell the end of the host once more."""
        self._minutes = None

    def tell_end(self) -> None:
        """Tell that the host ends soon, if it does; a host that does not answer is the greater trouble."""
        if (ending := self.ending) is not None and self.stale is None:
            self.tell(ending)
