"""Reads the frames of one publisher from its memory."""

from __future__ import annotations

import os
import select
import struct
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

import numpy as np

from . import layout
from .form_text import form_of_text
from .forms import ArrayForm, Form
from .processes import start_ticks
from .published_frame import PublishedFrame
from .publisher_facts import BrokenMemory, PublisherFacts, facts_of_block

__all__ = ["Reader"]

_HEAD = struct.Struct(f"={layout.SLOT_WORDS}q")

#: Linux reads at most this many bytes at once.
_MOST_AT_ONCE = 0x7FFFF000

#: Tries to copy a frame that is overwritten meanwhile.
_TRIES = 8


class Reader:
    """Reads what one publisher publishes.  One thread at a time may use it.

    Memory is read by system calls and never mapped: if it is not as it should be, a read is short, and nothing crashes.

    Parameters
    ----------
    pid, descriptor : int
        Where the control block is: ``/proc/PID/fd/DESCRIPTOR``.

    Raises
    ------
    OSError
        If it cannot be opened.
    ValueError
        If it is no control block of this version, or not of a publisher that lives in that process.
    """

    def __init__(self, pid: int, descriptor: int) -> None:
        self._slots = self._slots_inode = -1
        self._process = -1
        self._gone = False
        self._path = f"/proc/{pid}/fd/{descriptor}"
        # For writing, too: who reads says so by a number in it.
        self._control = os.open(self._path, os.O_RDWR | os.O_CLOEXEC)
        try:
            facts = self.facts()
            if facts.pid != pid:
                raise BrokenMemory(f"it belongs to process {facts.pid}")
            self._process = os.pidfd_open(pid)
            if start_ticks(pid) != facts.start_ticks:
                raise BrokenMemory("its process is another one")
            self.pid = pid
        except BaseException:
            self.close()
            raise

    def facts(self) -> PublisherFacts:
        """Return what the publisher says of itself now; raises `ValueError` if it cannot be."""
        return facts_of_block(os.pread(self._control, layout.CONTROL_BYTES, 0))

    def watch(self) -> None:
        """Say that somebody watches, for the next two seconds."""
        until = time.monotonic_ns() + layout.WATCH_NANOSECONDS
        os.pwrite(self._control, layout.WORD.pack(until), 8 * layout.WATCHED_UNTIL)

    @property
    def alive(self) -> bool:
        """Whether the process of the publisher is there."""
        if not self._gone:
            poll = select.poll()
            poll.register(self._process, select.POLLIN)
            self._gone = bool(poll.poll(0))
        return not self._gone

    def newest(self, facts: PublisherFacts, choose: Callable[[Form], tuple[ArrayForm, ...]]) -> PublishedFrame | None:
        """Return a copy of the newest frame, with the arrays that `choose` returns of its form.

        Returns None if it is overwritten again and again meanwhile.

        Raises
        ------
        ValueError
            If there is something that no publisher writes.
        """
        for _ in range(_TRIES):
            if not facts.newest or not self._find_slots(facts):
                return None
            frame = self._copy(facts, choose)
            if frame is not None:
                return frame
            facts = self.facts()
        return None

    def _find_slots(self, facts: PublisherFacts) -> bool:
        """Open the memory of the slots, if it is another one than before; return whether it is there."""
        if facts.slots_inode == self._slots_inode:
            return True
        if not facts.slots_descriptor:
            return False
        try:
            found = os.open(f"/proc/{self.pid}/fd/{facts.slots_descriptor}", os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return False
        if os.fstat(found).st_ino != facts.slots_inode:
            os.close(found)
            return False
        if self._slots >= 0:
            os.close(self._slots)
        self._slots, self._slots_inode = found, facts.slots_inode
        return True

    def _copy(self, facts: PublisherFacts, choose: Callable[[Form], tuple[ArrayForm, ...]]) -> PublishedFrame | None:
        """Return a copy of the newest frame, or None if it was overwritten meanwhile."""
        wanted = facts.newest
        start = wanted % facts.slots * facts.slot_bytes
        head = os.pread(self._slots, layout.ARRAYS_AT, start)
        if len(head) < layout.ARRAYS_AT:
            return None
        words = _HEAD.unpack_from(head)
        if words[layout.DONE] != wanted or words[layout.BEGUN] != wanted:
            return None
        try:
            length = words[layout.SLOT_FORM_BYTES]
            if not 0 < length <= layout.FORM_BYTES:
                raise BrokenMemory(f"the form of a frame has {length} bytes")
            form = form_of_text(head[layout.FORM_AT : layout.FORM_AT + length], facts.slot_bytes - layout.ARRAYS_AT)
            scalars = _scalars(head, words[layout.SLOT_SCALARS], form)
            arrays = {each.name: self._array(each, start + layout.ARRAYS_AT) for each in choose(form)}
        except (ValueError, MemoryError):
            if self._is_whole(start, wanted):
                raise
            return None
        if not self._is_whole(start, wanted):
            return None
        return PublishedFrame(
            words[layout.SLOT_COUNT],
            words[layout.SLOT_MOMENT],
            words[layout.SLOT_STEP] if words[layout.SLOT_HAS_STEP] else None,
            layout.FLOAT.unpack_from(head, 8 * layout.SLOT_TIME)[0] if words[layout.SLOT_HAS_TIME] else None,
            form,
            arrays,
            scalars,
        )

    def _is_whole(self, start: int, wanted: int) -> bool:
        """Whether the frame in a slot is still the same."""
        head = os.pread(self._slots, 16, start)
        return len(head) == 16 and layout.WORD.unpack_from(head, 8 * layout.BEGUN)[0] == wanted

    def _array(self, form: ArrayForm, start: int) -> np.ndarray:
        array = np.empty(form.shape, form.dtype)
        into = memoryview(array.reshape(-1).view(np.uint8).data)
        at = 0
        while at < form.nbytes:
            got = os.preadv(self._slots, [into[at : at + _MOST_AT_ONCE]], start + form.offset + at)
            if not got:
                raise BrokenMemory(f"the memory of its frames ends before '{form.name}' does")
            at += got
        return array

    def close(self) -> None:
        """Let go of the publisher."""
        for name in ("_control", "_slots", "_process"):
            descriptor = getattr(self, name)
            if descriptor >= 0:
                os.close(descriptor)
            setattr(self, name, -1)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _scalars(head: bytes, count: int, form: Form) -> dict[str, float | int | bool]:
    if count != len(form.scalars) or count > layout.MOST_SCALARS:
        raise BrokenMemory(f"a frame has {count} scalars of {len(form.scalars)}")
    found: dict[str, float | int | bool] = {}
    for at, name in enumerate(form.scalars):
        place = layout.SCALARS_AT + 16 * at
        (kind,) = layout.WORD.unpack_from(head, place)
        value = (layout.FLOAT if kind == layout.FLOATING else layout.WORD).unpack_from(head, place + 8)[0]
        found[name] = bool(value) if kind == layout.BOOLEAN else value
    return found
