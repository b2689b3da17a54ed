"""Shows errors of the program itself in the status line, each once."""

from __future__ import annotations

import logging
import sys
from contextlib import contextmanager
from typing import ClassVar

from ...errors import TraitsviewError, quoted

__all__ = ["ProgramErrors", "logged_slots"]

logger = logging.getLogger(__name__)

#: Loggers whose errors are shown: ours, and those of libraries that call our code and catch its exceptions.
LOGGERS = ("traitsview", "traits", "traitsui", "pyface", "enable", "chaco")


class ProgramErrors(logging.Handler):
    """Has a viewer show each error of the program once.

    Parameters
    ----------
    post : callable
        Runs a function in the thread that the viewer belongs to.
    viewer : ImageViewer
    """

    _all: ClassVar[list[ProgramErrors]] = []

    def __init__(self, post, viewer):
        super().__init__(logging.ERROR)
        self._all.append(self)
        self._post, self._viewer = post, viewer
        self._said = set()
        for name in LOGGERS:
            logging.getLogger(name).addHandler(self)

    def emit(self, record):
        """Take a record of an exception."""
        if self is self._all[0] and not logging.getLogger().handlers and logging.lastResort is not None:
            logging.lastResort.handle(record)  # which loggers without handlers have
        error = record.exc_info[1] if record.exc_info else None
        if error is None or isinstance(error, TraitsviewError):
            return  # the code that catches one shows it
        text = f"a mistake in the program: {type(error).__name__}: {quoted(error)}"
        if text not in self._said:
            self._said.add(text)
            self._post(lambda: self._viewer.status.trait_set(program_error=text))

    def close(self):
        """Take no more records."""
        self._all.remove(self)
        for name in LOGGERS:
            logging.getLogger(name).removeHandler(self)
        super().close()


@contextmanager
def logged_slots():
    """Log exceptions of functions that Qt calls.  Otherwise they only go to the terminal."""

    def log(kind, error, trace):
        if issubclass(kind, Exception):
            logger.error("what Qt called failed", exc_info=(kind, error, trace))
        else:
            before(kind, error, trace)

    before, sys.excepthook = sys.excepthook, log
    try:
        yield
    finally:
        sys.excepthook = before
