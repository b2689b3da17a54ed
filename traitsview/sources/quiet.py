"""Keeps astropy from telling, by warnings and log records, what is for those who write programs with it."""

from __future__ import annotations

import functools
import logging
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["quiet_astropy"]

_within = threading.local()


@contextmanager
def quiet_astropy() -> Iterator[None]:
    """Have astropy say nothing in this thread within the block; what it raises is raised.

    Its logger writes records of level INFO to the standard output, where answers for other programs are.
    """
    _add_filter()
    depth = getattr(_within, "depth", 0)
    _within.depth = depth + 1
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        _within.depth = depth


@functools.cache
def _add_filter() -> None:
    import astropy  # noqa: F401  # it makes its logger anew when it is imported

    logging.getLogger("astropy").addFilter(_is_outside)


def _is_outside(record: logging.LogRecord) -> bool:
    return not getattr(_within, "depth", 0)
