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
    """Silence warnings in this thread within the block.  Several threads may be in such blocks at the same time.

    `warnings.catch_warnings` works for one thread only.  Of two threads, the one that leaves first switches warnings on
    for the other, and the one that leaves last leaves them off for everybody.
    """
    filters: Any = warnings.filters
    if not filters or filters[0] is not _FILTER:
        # In one step: the filter must never be missing for other threads in such blocks.
        filters[:] = [_FILTER, *(each for each in filters if each is not _FILTER)]
    depth = getattr(_within, "depth", 0)
    _within.depth = depth + 1
    try:
        yield
    finally:
        _within.depth = depth


@contextmanager
def quiet_astropy() -> Iterator[None]:
    """Silence astropy's warnings and log in this thread within the block; its exceptions are raised as usual.

    Its logger writes records of level INFO to the standard output, which is for answers to other programs.
    """
    _add_filter()
    with quiet_warnings():
        yield


class _InQuietThreads:
    """Takes the place of the compiled pattern in a filter of warnings.

    Any text matches it within a block of `quiet_warnings`, no text elsewhere.
    """

    def match(self, text: str) -> bool:
        return bool(getattr(_within, "depth", 0))


_FILTER = ("ignore", _InQuietThreads(), Warning, None, 0)


@functools.cache
def _add_filter() -> None:
    import astropy  # noqa: F401  # importing it replaces its logger

    logging.getLogger("astropy").addFilter(_is_outside)


def _is_outside(record: logging.LogRecord) -> bool:
    return not getattr(_within, "depth", 0)
