"""The log of a server: private, of limited size, one line for each event.  A full disk does not stop the server."""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import sys
import time
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

from ..protocol import endpoint

__all__ = ["ServerLog"]

#: Bytes of a log file at most.
LOG_BYTES = 10_000_000

#: Log files that are kept: the one that is written and two older ones.
KEPT_LOGS = 3


class _OneLine(logging.Formatter):
    """Escapes control characters, so that a text from elsewhere can neither imitate a line nor steer a terminal.

    The lines of a traceback stay lines, each of them indented.
    """

    def format(self, record: logging.LogRecord) -> str:
        first, *rest = super().format(record).split("\n")
        if not record.exc_info:
            first, rest = "\n".join((first, *rest)), []
        return "\n    ".join(_escaped(line) for line in (first, *rest))


class ServerLog(RotatingFileHandler):
    """Writes into a file with mode 0600.  A full file gets another name; the two newest full ones are kept.

    When nothing can be written, lines are dropped, and one notice goes to stderr.  When lines can be written again, the
    first one says how many were dropped.

    Parameters
    ----------
    path : Path
        The file, in a private folder.
    """

    def __init__(self, path: Path) -> None:
        self._dropped = 0
        self._why = ""
        self._told = False
        super().__init__(
            path, maxBytes=LOG_BYTES, backupCount=KEPT_LOGS - 1, encoding="utf-8", errors="backslashreplace", delay=True
        )
        formatter = _OneLine("%(asctime)sZ %(levelname)s %(message)s", "%Y-%m-%dT%H:%M:%S")
        formatter.converter = time.gmtime
        self.setFormatter(formatter)

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line; if lines were dropped before it, first write how many."""
        try:
            if self._dropped:
                self._write(self._notice())
                self._dropped = 0
            self._write(record)
        except OSError as error:
            self._dropped += 1
            self._why = str(error.strerror or error)
            self._forget()
            if not self._told:
                self._told = True
                line = f"traitsview: cannot write {self.baseFilename}: {self._why}; the server goes on"
                with contextlib.suppress(OSError, ValueError):
                    print(line, file=sys.stderr, flush=True)
        except Exception:  # a wrong format must not end the thread that logs
            self.handleError(record)

    def move(self, path: Path) -> None:
        """Write into another file from now on, or into a new one of the same name."""
        self.acquire()
        try:
            self._forget()
            self.baseFilename = os.path.abspath(path)
        finally:
            self.release()

    def _write(self, record: logging.LogRecord) -> None:
        if self.shouldRollover(record):
            self.doRollover()
        if self.stream is None:
            self.stream = self._open()
        self.stream.write(self.format(record) + "\n")
        self.stream.flush()

    def _forget(self) -> None:
        """Close the file, without an error if its buffer cannot be written: those bytes are lost."""
        stream, self.stream = self.stream, None
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.close()

    def _open(self) -> TextIOWrapper:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK
        descriptor = os.open(self.baseFilename, flags, 0o600)
        if not endpoint.is_own_file(descriptor):
            os.close(descriptor)
            raise OSError(errno.EPERM, "it is not a file of ours")
        return open(descriptor, "a", encoding=self.encoding, errors=self.errors)

    def _notice(self) -> logging.LogRecord:
        line = "dropped %d lines of this log: %s"
        return logging.LogRecord(__name__, logging.WARNING, "", 0, line, (self._dropped, self._why), None)


def _escaped(text: str) -> str:
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)
