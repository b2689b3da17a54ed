"""What a process that never rests would use of the processors, beside what is measured."""

from __future__ import annotations

import subprocess
import sys
from types import TracebackType

from .machine import processor_time

__all__ = ["Spinner"]


class Spinner:
    """A process that never rests, while this is used as a context manager.

    On a machine that is slow or busy it gets less, as everybody does: what gets much less than it does rest.
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
        """The seconds of processor time that it has used since it began to spin."""
        return processor_time(self._process.pid) - self._before
