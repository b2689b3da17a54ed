"""Ctrl-C while libraries load and windows are built."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from .answer import flush_answers

__all__ = ["INTERRUPTED", "ending_at_once"]

#: The exit code after Ctrl-C.
INTERRUPTED = 130


@contextmanager
def ending_at_once(close: Callable[[], None]) -> Iterator[None]:
    """Have SIGINT within the block call `close` and end the process, without an exception.

    An exception would be lost in callbacks of Qt and notifications of Traits.  While PySide is loading, it would abort
    the process.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(number: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            close()
            flush_answers()
        finally:
            os._exit(INTERRUPTED)

    before = signal.signal(signal.SIGINT, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
