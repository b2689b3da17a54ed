"""Everything that a publisher has in shared memory, as one thing to write frames into."""

from __future__ import annotations

import time as clock
from collections.abc import Sequence
from errno import ENOMEM
from math import inf, nan

import numpy as np

from . import layout
from .control_block import ControlBlock
from .form_text import text_of_form
from .forms import Facts
from .frame_slots import FrameSlots, Kind, Scalars, Stamp, form_of, room_for
from .series import Series

__all__ = ["FrameWriter"]

#: After memory was refused, so many times as long as that took pass before it is asked for again.
_REST = 100

#: Seconds that a watched publisher keeps its memory after its end: hosts look for news more often than that.
_LAST_LOOK_SECONDS = 0.01


class FrameWriter:
    """Writes frames where others can read them.  One thread at a time may use it.

    Parameters
    ----------
    name : str
        Of the publisher.
    slots : int
        Frames that are kept.

    Raises
    ------
    OSError
        If there is no memory.
    """

    def __init__(self, name: str, slots: int) -> None:
        self.control = ControlBlock(name)
        self._words = self.control.words
        self._slot_count = slots
        self._slots: FrameSlots | None = None
        self._series: Series | None = None
        self._count = self._sequence = self._moment = 0
        self._refused = 0  # bytes for which there was no memory
        self._why_refused = ""
        self._next_try = -inf

    @property
    def count(self) -> int:
        """Frames that were published."""
        return self._count

    @property
    def watched(self) -> bool:
        """Whether somebody watches."""
        return self._words[layout.WATCHED_UNTIL] > clock.monotonic_ns()

    def note(self, step: int | None, time: float | None, scalars: Scalars) -> Stamp:
        """Count a frame, and keep its scalars, whether or not anybody watches."""
        self._count = count = self._count + 1
        # No two frames have the same moment: it is what tells them apart.
        self._moment = moment = max(clock.monotonic_ns(), self._moment + 1)
        words = self._words
        words[layout.STEP] = at = count - 1 if step is None else step
        words[layout.COUNT] = count
        if scalars:
            self._keep(count, at, nan if time is None else time, scalars)
        return Stamp(count, moment, step, time)

    def copy(self, stamp: Stamp, arrays: Sequence[tuple[Kind, np.ndarray]], scalars: Scalars, facts: Facts) -> None:
        """Copy a frame into a slot."""
        slots = self._slots
        if slots is None or room_for(arrays) > slots.room:
            slots = self.allocate(room_for(arrays))
        self._sequence = sequence = self._sequence + 1
        slots.write(sequence, stamp, arrays, scalars[: layout.MOST_SCALARS], facts)
        self._words[layout.NEWEST] = sequence

    def announce(self, kinds: Sequence[Kind], scalars: Sequence[str], facts: Facts) -> None:
        """Say what the arrays are, before one of them is copied."""
        self.control.announce(text_of_form(form_of(facts, tuple(kinds), tuple(scalars)), layout.ANNOUNCED_BYTES))

    def allocate(self, room: int) -> FrameSlots:
        """Get memory for frames whose arrays have `room` bytes together, or more."""
        old = self._slots
        if old is not None:
            # Arrays that grow a little with each step do not need new memory with each step.
            room = max(room, old.room + old.room // 4)
        slots = self._new_slots(room)  # if there is no memory for them, the old ones stay
        self._slots = None
        words = self._words
        words[layout.SLOTS_FD] = 0
        words[layout.SLOTS_INODE] = slots.memory.inode
        words[layout.SLOTS] = len(slots)
        words[layout.SLOT_BYTES] = slots.slot_bytes
        words[layout.SLOTS_FD] = slots.memory.descriptor
        if old is not None:
            old.close()
        self._slots = slots
        return slots

    def end(self, why: str) -> None:
        """Say that no more frames come, and let go of the memory."""
        watched = self.watched
        self.control.end(why)
        if watched:
            # Those who have not seen any frame yet open the memory of the last one now.
            clock.sleep(_LAST_LOOK_SECONDS)
        self.close()

    def close(self) -> None:
        """Let go of the memory.  It stays for those who read it."""
        for each in (self._slots, self._series, self.control):
            if each is not None:
                each.close()
        self._slots = self._series = None

    def _new_slots(self, room: int) -> FrameSlots:
        begun = clock.monotonic()
        if begun < self._next_try and room >= self._refused:
            raise OSError(ENOMEM, self._why_refused)
        try:
            return FrameSlots(self._slot_count, room)
        except OSError as error:
            # It may take long until there is no memory left: the calculation must not wait for that at each frame.
            now = clock.monotonic()
            self._refused, self._why_refused = room, error.strerror or str(error)
            self._next_try = now + _REST * (now - begun)
            raise

    def _keep(self, count: int, step: int, time: float, scalars: Scalars) -> None:
        series = self._series
        if series is None or not series.has(scalars):
            series = self._new_series(scalars)
        series.write(count, float(step), time, scalars)
        self._words[layout.SERIES_WRITTEN] = series.written

    def _new_series(self, scalars: Scalars) -> Series:
        old = self._series
        names = dict.fromkeys((*(old.names if old else ()), *(name for name, _ in scalars)))
        series = Series(tuple(names), old)
        words = self._words
        words[layout.SERIES_FD] = 0
        words[layout.SERIES_INODE] = series.memory.inode
        words[layout.SERIES_COLUMNS] = series.columns
        words[layout.SERIES_FD] = series.memory.descriptor
        if old is not None:
            old.close()
        self._series = series
        return series
