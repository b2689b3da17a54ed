"""Says what reaching a host waits for, once that takes long: as lines of the log, which a program may show.

Nothing is said of what is quick.  The commands show these lines on stderr.
"""

from __future__ import annotations

import logging
import threading

__all__ = ["LONG_SECONDS", "LOGGER", "Step", "say"]

#: Seconds after which a step is said to be waited for.
LONG_SECONDS = 10.0

#: The name of the logger; its lines have the level INFO.
LOGGER = __name__

logger = logging.getLogger(LOGGER)


def say(text: str) -> None:
    """Say what is waited for."""
    logger.info("%s", text)


class Step:
    """What is being waited for, one thing after the other; each that takes long is said once.

    Any thread may call it.
    """

    def __init__(self) -> None:
        self._timer: threading.Timer | None = None
        self._lock = threading.Lock()

    def begin(self, text: str) -> None:
        """Wait for something from now on, and no more for what was before."""
        timer = threading.Timer(LONG_SECONDS, say, (text,))
        timer.daemon = True
        timer.start()
        self._replace(timer)

    def end(self) -> None:
        """Wait for nothing any more."""
        self._replace(None)

    def _replace(self, timer: threading.Timer | None) -> None:
        with self._lock:
            before, self._timer = self._timer, timer
        if before is not None:
            before.cancel()
