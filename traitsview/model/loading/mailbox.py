"""Values from other threads, kept until the thread that they belong to takes them."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock


class Mailbox:
    """Holds values in the order in which they arrive, and calls the thread that takes them.

    Attributes
    ----------
    fetch : callable or None
        Called, in any thread, when a value arrives in an empty box.  It has `take` called in the thread that the
        values belong to.
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
