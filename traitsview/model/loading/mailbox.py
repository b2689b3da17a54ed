"""A mailbox: any thread puts values in, and one thread takes them out."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock


class Mailbox:
    """Holds values in the order in which they arrive, until one thread takes them.

    Attributes
    ----------
    fetch : callable or None
        Called when a value arrives in an empty box, in the thread that puts it there.  This function has to arrange
        that `take` is called in the thread for which the values are.
    """

    def __init__(self) -> None:
        self._values: list[object] = []
        self._lock = Lock()
        self.fetch: Callable[[], None] | None = None

    def put(self, value: object) -> None:
        """Leave a value.  Any thread may call this."""
        with self._lock:
            first = not self._values
            self._values.append(value)
        if first and self.fetch is not None:
            self.fetch()

    def take(self) -> list[object]:
        """Return all values that have arrived, and empty the box."""
        with self._lock:
            values, self._values = self._values, []
        return values
