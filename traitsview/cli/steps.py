"""Says on stderr what reaching a host waits for, one line a step; nothing of what is quick."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from ..errors import printable
from ..remote.progress import LOGGER

__all__ = ["steps_on_stderr"]


class _Lines(logging.Handler):
    """Writes each record as one line, also where stderr is no terminal."""

    def emit(self, record: logging.LogRecord) -> None:
        # Whoever has closed stderr does not want to know.
        with suppress(OSError, ValueError):
            print(f"traitsview: {printable(record.getMessage())}", file=sys.stderr, flush=True)


@contextmanager
def steps_on_stderr() -> Iterator[None]:
    """Show the steps within the block."""
    logger = logging.getLogger(LOGGER)
    lines, before = _Lines(), logger.level
    logger.addHandler(lines)
    logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        logger.removeHandler(lines)
        logger.setLevel(before)
