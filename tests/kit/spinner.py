"""A process that never rests, to compare the processor time of another process with."""

from __future__ import annotations

import subprocess
import sys
from types import TracebackType

from .machine import processor_time

__all__ = ["Spinner"]


class Spinner:
    """A context manager with a process that never rests.

    On a slow or busy machine it gets less processor time, as all processes do.  A process that uses much less than this
    one rests.
    """

    def __enter__(self) -> Spinner:
        self._process = subprocess.Popen(
            [sys.executable, "-c", "print(flush=True)\nwhile True: pass"], stdout=subprocess.PIPE
        )
        assert self._process.stdout is not None
        self._process.stdout.readline()
        self._before = processor_time(self._process.pid)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, traceback: TracebackType | None) -> None:
        self._process.kill()
        self._process.communicate()

    @property
    def used(self) -> float:
        """The seconds of processor time that the process has used since it began to spin."""
        return processor_time(self._process.pid) - self._before
