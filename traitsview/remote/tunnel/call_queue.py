"""What other threads want a thread to do, which waits in ``select`` meanwhile."""

from __future__ import annotations

import contextlib
import os
import threading
from collections import deque
from collections.abc import Callable

__all__ = ["CallQueue"]


class CallQueue:
    """Calls to be made by one thread.  Any thread may `post`; the others are for that one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: deque[Callable[[], None]] = deque()
        self._bell = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        #: Whether nothing is taken any more.
        self.closed = False

    def fileno(self) -> int:
        """Return the descriptor that can be read when there is something to `empty`."""
        return self._bell

    def post(self, call: Callable[[], None]) -> bool:
        """Have `call` called; false if nothing is taken any more."""
        with self._lock:
            if self.closed:
                return False
            self._calls.append(call)
            os.eventfd_write(self._bell, 1)
            return True

    def empty(self) -> None:
        """Make the calls."""
        with contextlib.suppress(BlockingIOError):
            os.eventfd_read(self._bell)
        while self._calls:
            self._calls.popleft()()

    def close(self) -> tuple[Callable[[], None], ...]:
        """Take nothing any more; return what was not called yet."""
        with self._lock:
            self.closed = True
            os.close(self._bell)
            return tuple(self._calls)
