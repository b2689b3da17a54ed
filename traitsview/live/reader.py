"""Reads what one publisher publishes from its memory."""

from __future__ import annotations

import os
import select
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

import numpy as np

from . import layout
from .foreign_memory import ForeignMemory
from .form_text import form_of_text
from .forms import ArrayForm, Form
from .processes import start_ticks
from .published_frame import PublishedFrame
from .publisher_facts import BrokenMemory, OtherLayout, PublisherFacts, facts_of_block
from .series_reader import SeriesRows, rows_of
from .slot_reader import SlotHead, head_of

__all__ = ["Reader"]

#: Tries to copy a frame that is overwritten meanwhile.
_TRIES = 8

_Choice = Callable[[Form], tuple[ArrayForm, ...]]


class Reader:
    """Reads what one publisher publishes.  One thread at a time may use it.

    Parameters
    ----------
    pid, descriptor : int
        Where the control block is: ``/proc/PID/fd/DESCRIPTOR``.

    Attributes
    ----------
    pid : int

    Raises
    ------
    OSError
        If it cannot be opened.
    OtherLayout
        If it is one of another version of traitsview.
    BrokenMemory
        If it is none, or not one of the process in which it was found.
    """

    def __init__(self, pid: int, descriptor: int) -> None:
        self.pid = pid
        self._process = os.pidfd_open(pid)
        self._gone = False
        self._descriptor = descriptor
        self._slots: ForeignMemory | None = None
        self._series: ForeignMemory | None = None
        self._control: ForeignMemory | None = None
        try:
            # For writing, too: who watches says so by a number in it.
            self._control = ForeignMemory(pid, descriptor, writable=True)
            facts = self._own_facts()
            if start_ticks(pid) != facts.start_ticks:
                raise BrokenMemory("its process is another one")
        except BaseException:
            self.close()
            raise

    def facts(self) -> PublisherFacts:
        """Return what the publisher says of itself now; raises `ValueError` if it cannot be."""
        assert self._control is not None
        return facts_of_block(self._control.read(0, layout.FIRST_BYTES))

    def mark(self) -> bytes:
        """Return bytes that are others after each frame, and when the publisher ends."""
        assert self._control is not None
        return self._control.read(8 * layout.COUNT, 8 * (layout.ENDED + 1 - layout.COUNT))

    def watch(self) -> None:
        """Say that somebody watches, for the next two seconds."""
        assert self._control is not None
        until = time.monotonic_ns() + layout.WATCH_NANOSECONDS
        self._control.write(8 * layout.WATCHED_UNTIL, layout.WORD.pack(until))

    @property
    def alive(self) -> bool:
        """Whether the process of the publisher is there, and still has its control block."""
        if not self._gone:
            poll = select.poll()
            poll.register(self._process, select.POLLIN)
            self._gone = bool(poll.poll(0))
        return not self._gone

    def still_there(self) -> bool:
        """Whether the process still has its control block.  It has none after it became another program by ``exec``."""
        return self._control is not None and self._control.is_at(self.pid, self._descriptor)

    def form(self, facts: PublisherFacts) -> Form:
        """Return the form of the newest frame, or else of the one that was announced; an empty one if there is none."""
        head = self._newest_head(facts)
        if head is not None:
            return head.form
        if not facts.announced:
            return Form()
        assert self._control is not None
        return form_of_text(self._control.read(layout.ANNOUNCED_AT, facts.announced), 1 << 62)

    def newest(self, facts: PublisherFacts, choose: _Choice) -> PublishedFrame | None:
        """Return a copy of the newest frame, with the arrays that `choose` returns of its form.

        Returns None if there is none yet, or if it is overwritten again and again meanwhile.

        Raises
        ------
        BrokenMemory
            If there is something that no publisher writes.
        """
        for _ in range(_TRIES):
            head = self._newest_head(facts)
            if head is not None:
                frame = self._copied(head, choose(head.form))
                if frame is not None:
                    return frame
            facts = self.facts()
        return None

    def series(self, facts: PublisherFacts, after: int = 0) -> SeriesRows:
        """Return the rows of scalars that were written after the first `after` ones, as far as they are kept.

        Raises
        ------
        BrokenMemory
            If there is something that no publisher writes.
        """
        size = layout.SERIES_AT + 8 * facts.series_columns * layout.SERIES_PLACES
        self._series = self._opened(self._series, facts.series_descriptor, facts.series_inode, size)
        if self._series is None:
            return SeriesRows()
        return rows_of(self._series, facts, after, lambda: self.facts().series_written)

    def close(self) -> None:
        """Let go of the publisher."""
        for memory in (self._control, self._slots, self._series):
            if memory is not None:
                memory.close()
        self._slots = self._series = self._control = None
        if self._process >= 0:
            os.close(self._process)
            self._process = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _own_facts(self) -> PublisherFacts:
        """Return the facts, if they are those of the process in which they were found."""
        try:
            facts = self.facts()
            pid = facts.pid
        except OtherLayout as other:
            if other.pid == self.pid:
                raise
            pid = other.pid
        if pid != self.pid:
            raise BrokenMemory(f"it belongs to process {pid}")  # a forked child has it, too
        return facts

    def _newest_head(self, facts: PublisherFacts) -> SlotHead | None:
        """Return the head of the newest frame; None if there is none, or if it is overwritten."""
        if not facts.newest:
            return None
        size = facts.slots * facts.slot_bytes
        self._slots = self._opened(self._slots, facts.slots_descriptor, facts.slots_inode, size)
        if self._slots is None:
            return None
        return head_of(self._slots, facts.newest % facts.slots * facts.slot_bytes, facts.slot_bytes, facts.newest)

    def _opened(self, memory: ForeignMemory | None, descriptor: int, inode: int, size: int) -> ForeignMemory | None:
        """Return the memory that has an inode; None if it is not there (any more)."""
        if memory is not None and memory.inode == inode:
            return memory
        if memory is not None:
            memory.close()
        if not descriptor:
            return None
        try:
            found = ForeignMemory(self.pid, descriptor)
        except OSError:
            return None
        if found.inode != inode:
            found.close()
            return None
        if found.size < size:
            found.close()
            raise BrokenMemory(f"a piece of its memory has {found.size} bytes, not {size}")
        return found

    def _copied(self, head: SlotHead, wanted: tuple[ArrayForm, ...]) -> PublishedFrame | None:
        """Return a copy of a frame, or None if it was overwritten meanwhile."""
        assert self._slots is not None
        arrays = {}
        for each in wanted:
            try:
                arrays[each.name] = array = np.empty(each.shape, each.dtype)
            except MemoryError as error:
                raise BrokenMemory(f"there is no memory for {each.nbytes} bytes of '{each.name}'") from error
            self._slots.read_into(array, head.start + layout.ARRAYS_AT + each.offset)
        return head.frame(arrays) if head.is_whole() else None
