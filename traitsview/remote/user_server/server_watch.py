"""How a server ended that this process has found or started."""

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
        Of a server that runs.
    """

    def __init__(self, record: Record) -> None:
        self._record = record
        self._handle: int | None = None
        # Where the kernel has no handles of processes, or it has ended already, nothing is known.
        with contextlib.suppress(OSError):
            self._handle = os.pidfd_open(record.pid)
            weakref.finalize(self, os.close, self._handle)

    @property
    def pid(self) -> int:
        """The process."""
        return self._record.pid

    def killed(self, timeout: float) -> str:
        """Return how the server was killed; empty if it runs after `timeout` seconds, or ended by itself."""
        # The handle is readable when the process has ended.
        if self._handle is None or not select.select([self._handle], [], [], timeout)[0]:
            return ""
        number = self._signal()
        if number:
            return f"the server there was killed by signal {number} ({signal.strsignal(number) or 'unknown'})"
        # One that ends by itself removes its record, which says who it was.
        left, was = Record.read(Path(self._record.socket).parent), self._record
        same = left is not None and (left.pid, left.began) == (was.pid, was.began)
        return "the server there was killed" if same else ""

    def _signal(self) -> int:
        """Return the signal that has ended it, which only the process that started it is told; 0 if there is none."""
        assert self._handle is not None
        with contextlib.suppress(ChildProcessError):
            # It stays for others to ask.
            found = os.waitid(os.P_PIDFD, self._handle, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            if found is not None and found.si_code in (os.CLD_KILLED, os.CLD_DUMPED):
                return found.si_status
        return 0
