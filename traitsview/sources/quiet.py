"""Keeps libraries from telling, by warnings and log records, what is for those who write programs with them."""

from __future__ import annotations

import functools
import logging
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["no_warnings", "quiet_astropy"]

_within = threading.local()


class _Silence:
    """Has Python ignore warnings while somebody wants that."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wanted = 0
        self._before = warnings.catch_warnings()

    def begin(self) -> None:
        with self._lock:
            if not self._wanted:
                self._before = warnings.catch_warnings()
                self._before.__enter__()
                warnings.simplefilter("ignore")
            self._wanted += 1

    def end(self) -> None:
        with self._lock:
            self._wanted -= 1
            if not self._wanted:
                self._before.__exit__(None, None, None)


_silence = _Silence()


@contextmanager
def no_warnings() -> Iterator[None]:
    """Have Python tell no warnings, in any thread, until the last of such blocks has ended.

    Threads that each put the filters back as they have found them would leave those that another one has made.
    """
    _silence.begin()
    try:
        yield
    finally:
        _silence.end()


@contextmanager
def quiet_astropy() -> Iterator[None]:
    """Have astropy say nothing in this thread within the block; what it raises is raised.

    Its logger writes records of level INFO to the standard output, where answers for other programs are.
    """
    _add_filter()
    depth = getattr(_within, "depth", 0)
    _within.depth = depth + 1
    try:
        with no_warnings():
            yield
    finally:
        _within.depth = depth


@functools.cache
def _add_filter() -> None:
    import astropy  # noqa: F401  # it makes its logger anew when it is imported

    logging.getLogger("astropy").addFilter(_is_outside)


def _is_outside(record: logging.LogRecord) -> bool:
    return not getattr(_within, "depth", 0)
