"""Finds out how a server has ended that this process has found or started."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import weakref
from pathlib import Path

from .record import Record

__all__ = ["ServerWatch"]


class ServerWatch:
    """Watches the process of a server; for one thread at a time.

    Parameters
    ----------
    record : Record
        The record of a server that runs.
    """

    def __init__(self, record: Record) -> None:
        self._record = record
        self._handle: int | None = None
        # Nothing is known where the kernel has no handles of processes, or the process has ended already.
        with contextlib.suppress(OSError):
            self._handle = os.pidfd_open(record.pid)
            weakref.finalize(self, os.close, self._handle)

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._record.pid

    def killed(self, timeout: float) -> str:
        """Return how the server was killed; empty if it still runs after `timeout` seconds, or has ended by itself."""
        # The handle can be read when the process has ended.
        if self._handle is None or not select.select([self._handle], [], [], timeout)[0]:
            return ""
        number = self._signal()
        if number:
            return f"the server there was killed by signal {number} ({signal.strsignal(number) or 'unknown'})"
        # A server that ends by itself removes its record.
        left, was = Record.read(Path(self._record.socket).parent), self._record
        same = left is not None and (left.pid, left.began) == (was.pid, was.began)
        return "the server there was killed" if same else ""

    def _signal(self) -> int:
        """Return the signal that has ended the server, 0 if unknown: only the process that started it can know it."""
        assert self._handle is not None
        with contextlib.suppress(ChildProcessError):
            # With WNOWAIT others can ask again.
            found = os.waitid(os.P_PIDFD, self._handle, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            if found is not None and found.si_code in (os.CLD_KILLED, os.CLD_DUMPED):
                return found.si_status
        return 0
