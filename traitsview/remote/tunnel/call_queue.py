"""Calls that other threads want a thread to make, which waits in ``select`` meanwhile."""

from __future__ import annotations

import contextlib
import os
import threading
from collections import deque
from collections.abc import Callable

__all__ = ["CallQueue"]


class CallQueue:
    """A queue of calls for one thread.  Any thread may `post`; the other methods are for that one thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: deque[Callable[[], None]] = deque()
        self._bell = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        #: Whether the queue takes no more calls.
        self.closed = False

    def fileno(self) -> int:
        """Return the descriptor that can be read when calls wait; then `empty` is due."""
        return self._bell

    def post(self, call: Callable[[], None]) -> bool:
        """Add a call; return false if the queue is closed."""
        with self._lock:
            if self.closed:
                return False
            self._calls.append(call)
            os.eventfd_write(self._bell, 1)
            return True

    def empty(self) -> None:
        """Make the calls that wait."""
        with contextlib.suppress(BlockingIOError):
            os.eventfd_read(self._bell)
        while self._calls:
            self._calls.popleft()()

    def close(self) -> tuple[Callable[[], None], ...]:
        """Take no more calls; return those that were not made yet."""
        with self._lock:
            self.closed = True
            os.close(self._bell)
            return tuple(self._calls)
