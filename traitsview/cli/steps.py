"""Writes to stderr what is waited for while a host is reached, one line for each step that takes long."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from ..errors import printable
from ..remote.awaited_step import LOGGER

__all__ = ["steps_on_stderr"]


class _StepHandler(logging.Handler):
    """Writes each record of the log as one line, whether stderr is a terminal or not."""

    def emit(self, record: logging.LogRecord) -> None:
        # A user who has closed stderr does not want these lines.
        with suppress(OSError, ValueError):
            print(f"traitsview: {printable(record.getMessage())}", file=sys.stderr, flush=True)


@contextmanager
def steps_on_stderr() -> Iterator[None]:
    """Within the block, write the steps to stderr."""
    logger = logging.getLogger(LOGGER)
    lines, before = _StepHandler(), logger.level
    logger.addHandler(lines)
    logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        logger.removeHandler(lines)
        logger.setLevel(before)
