"""The control block of a publisher, as its publisher writes it."""

from __future__ import annotations

import os
import time

from . import layout
from .memory import SharedMemory
from .processes import start_ticks

__all__ = ["ControlBlock"]


class ControlBlock:
    """Shared memory that says who publishes, who watches, and where the newest frame is.

    Parameters
    ----------
    name : str
        Under which frames are published.

    Attributes
    ----------
    words : memoryview of int
        See `layout`.
    """

    def __init__(self, name: str) -> None:
        self.memory = SharedMemory(layout.MEMFD_PREFIX + name, layout.CONTROL_BYTES)
        self._bytes = memoryview(self.memory.map)
        self.words = words = self._bytes[: layout.NAME_AT].cast("q")
        self._put(layout.NAME_LENGTH, layout.NAME_AT, name.encode())
        words[layout.PID] = os.getpid()
        words[layout.START_TICKS] = start_ticks()
        words[layout.CREATED] = time.monotonic_ns()
        words[layout.VERSION_WORD] = layout.VERSION
        # From here on it is found.
        words[layout.MAGIC_WORD] = layout.MAGIC

    def end(self, why: str) -> None:
        """Say that no frames come any more, and why if it is not the usual end."""
        self._put(layout.WHY_LENGTH, layout.WHY_AT, why.encode()[: layout.WHY_BYTES])
        self.words[layout.ENDED] = time.monotonic_ns()

    def announce(self, form: bytes) -> None:
        """Say what the arrays are, before one of them is copied."""
        self._put(layout.ANNOUNCED_LENGTH, layout.ANNOUNCED_AT, form)

    def offer_console(self, connection_file: str) -> None:
        """Say where the connection file of a kernel in the calculation is."""
        self._put(layout.CONSOLE_LENGTH, layout.CONSOLE_AT, connection_file.encode()[: layout.CONSOLE_BYTES])

    def close(self) -> None:
        """Let go of the memory."""
        self.words.release()
        self._bytes.release()
        self.memory.close()

    def _put(self, length: int, at: int, text: bytes) -> None:
        self.words[length] = 0
        self._bytes[at : at + len(text)] = text
        self.words[length] = len(text)
