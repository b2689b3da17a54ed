"""Logs what is waited for while a host is reached, once that takes long; nothing is logged of quick steps.

A program may show these lines of the log; the commands write them to stderr.
"""

from __future__ import annotations

import logging
import threading

__all__ = ["LONG_SECONDS", "LOGGER", "AwaitedStep", "say"]

#: Seconds after which a step takes long.
LONG_SECONDS = 10.0

#: The name of the logger; its lines have the level INFO.
LOGGER = __name__

logger = logging.getLogger(LOGGER)


def say(text: str) -> None:
    """Log what is waited for."""
    logger.info("%s", text)


class AwaitedStep:
    """The step that is waited for at present; one that takes long is logged once.

    Any thread may call any method.
    """

    def __init__(self) -> None:
        self._timer: threading.Timer | None = None
        self._lock = threading.Lock()

    def begin(self, text: str) -> None:
        """Begin a step, which ends the one before; `text` is logged if it takes long."""
        timer = threading.Timer(LONG_SECONDS, say, (text,))
        timer.daemon = True
        timer.start()
        self._replace(timer)

    def end(self) -> None:
        """End the step."""
        self._replace(None)

    def _replace(self, timer: threading.Timer | None) -> None:
        with self._lock:
            before, self._timer = self._timer, timer
        if before is not None:
            before.cancel()
