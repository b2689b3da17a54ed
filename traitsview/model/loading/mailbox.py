"""Values from other threads, kept until the thread that they are for takes them."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock


class Mailbox:
    """Holds what arrives, in order, and has it fetched.

    Attributes
    ----------
    fetch : callable or None
        Called, in any thread, when the first value arrives in an empty box; it sees to it that
        `take` is called in the thread that the values are for.
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
        """Return all that has arrived, and forget it."""
        with self._lock:
            values, self._values = self._values, []
        return values
