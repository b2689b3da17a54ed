"""Silences warnings and log records of libraries, which are for people who write programs with them."""

from __future__ import annotations

import functools
import logging
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

__all__ = ["quiet_astropy", "quiet_warnings"]

_within = threading.local()


@contextmanager
def quiet_warnings() -> Iterator[None]:
    """Have nobody warned in this thread within the block; threads may be in such blocks at the same time.

    `warnings.catch_warnings` is for one thread: of two, the one that leaves first has the other one warned, and the one
    that leaves last leaves all warnings off.
    """
    filters: Any = warnings.filters
    if not filters or filters[0] is not _FILTER:
        # In one step, so that it is there all the time for threads that are in such blocks.
        filters[:] = [_FILTER, *(each for each in filters if each is not _FILTER)]
    depth = getattr(_within, "depth", 0)
    _within.depth = depth + 1
    try:
        yield
    finally:
        _within.depth = depth


@contextmanager
def quiet_astropy() -> Iterator[None]:
    """Have astropy say nothing in this thread within the block; what it raises is raised.

    Its logger writes records of level INFO to the standard output, where answers for other programs are.
    """
    _add_filter()
    with quiet_warnings():
        yield


class _InQuietThreads:
    """Stands where a filter of warnings has a compiled pattern: any text matches within a block, none elsewhere."""

    def match(self, text: str) -> bool:
        return bool(getattr(_within, "depth", 0))


_FILTER = ("ignore", _InQuietThreads(), Warning, None, 0)


@functools.cache
def _add_filter() -> None:
    import astropy  # noqa: F401  # it makes its logger anew when it is imported

    logging.getLogger("astropy").addFilter(_is_outside)


def _is_outside(record: logging.LogRecord) -> bool:
    return not getattr(_within, "depth", 0)
