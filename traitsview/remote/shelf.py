"""The sources that a host has open: one for each text, however many viewers look at it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future

from ..sources.image_source import ImageSource

__all__ = ["Shelf"]


class Shelf:
    """Opens each source once and closes it when nobody holds it any more.

    Any thread may call any method.

    Parameters
    ----------
    open_source : callable
        Makes an `ImageSource` of a text, or raises a `TraitsviewError`.
    """

    def __init__(self, open_source: Callable[[str], ImageSource]) -> None:
        self._open_source = open_source
        self._lock = threading.Lock()
        self._open: dict[str, Future[ImageSource]] = {}
        self._holders: dict[str, int] = {}

    def take(self, text: str) -> ImageSource:
        """Return the source of `text`, opening it if nobody has; each `take` needs a `give_back`.

        Raises what opening raises, and holds nothing then.
        """
        with self._lock:
            future = self._open.get(text)
            mine = future is None
            if future is None:
                future = self._open[text] = Future()
            self._holders[text] = self._holders.get(text, 0) + 1
        if mine:
            try:
                future.set_result(self._open_source(text))
            except BaseException as error:
                future.set_exception(error)
        try:
            return future.result()
        except BaseException:
            self.give_back(text)
            raise

    def give_back(self, text: str) -> None:
        """Let go of the source of `text`; the last one to do so closes it."""
        with self._lock:
            self._holders[text] -= 1
            if self._holders[text]:
                return
            del self._holders[text]
            future = self._open.pop(text)
        if future.exception() is None:
            future.result().close()
