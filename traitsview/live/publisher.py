"""Publishes the arrays of a calculation, so that others can watch it."""

from __future__ import annotations

import atexit
import logging
import os
import threading
import time as clock
import weakref
from operator import index
from types import TracebackType
from typing import Any, Self

import numpy as np

from ..errors import RequestError, quoted
from . import layout
from .arrays import array_of, number_of
from .control_block import ControlBlock
from .forms import Facts
from .frame_slots import FrameSlots, Stamp, room_for

__all__ = ["Publisher"]

logger = logging.getLogger("traitsview.live")


class Publisher:
    """Publishes frames under a name.  The calculation does not notice who watches, and never waits for anybody.

    Parameters
    ----------
    name : str
        Others open ``live:NAME``.
    every : int
        Publish the first of so many calls of `publish`, and do nothing in the others.
    region : tuple of slice, optional
        Publish only these rows and columns of each array.
    extent : (x0, x1, y0, y1), optional
        The edges of the image in data units.
    unit : str
        Of the values.
    origin : {"upper", "lower"} or (row, column), optional
        Where row 0 belongs on the screen; or, of a part of an image, where it begins in the whole.
    shape : (rows, columns), optional
        Of the whole image, if this publishes a part.
    slots : int
        Frames that are kept, 3 or more.

    Raises
    ------
    RequestError
        If an argument makes no sense.
    OSError
        If there is no memory.
    """

    def __init__(
        self,
        name: str,
        *,
        every: int = 1,
        region: tuple[slice, slice] | None = None,
        extent: tuple[float, float, float, float] | None = None,
        unit: str = "",
        origin: str | tuple[int, int] | None = None,
        shape: tuple[int, int] | None = None,
        slots: int = 3,
    ) -> None:
        self.name = _checked_name(name)
        self._every, self._calls = every, 0
        self._region = region
        display = origin if isinstance(origin, str) else ""
        place = None if origin is None or isinstance(origin, str) else origin
        self._facts = Facts(extent, unit, display, place, shape)
        self._slot_count = slots
        self._lock = threading.Lock()
        self._owner = 0
        self._complaints: set[str] = set()
        self._control: ControlBlock | None = ControlBlock(self.name)
        self._words = self._control.words
        self._slots: FrameSlots | None = None
        self._count = self._sequence = 0
        self._moment = 0
        _known.add(self)

    def publish(
        self, array: Any = None, /, *, step: int | None = None, time: float | None = None, **named: Any
    ) -> None:
        """Publish a frame.

        Nothing is copied unless somebody watches.  It raises nothing and waits for nobody; what cannot be published is
        left out and logged once.  Any thread may call it.

        Parameters
        ----------
        array : array
            Has the name of the publisher.
        step : int, optional
        time : float, optional
        **named : array or number
            More of the same frame.
        """
        try:
            if self._control is None:
                return
            self._calls += 1
            if (self._calls - 1) % self._every:
                return
            if self._lock.locked() and self._owner == threading.get_ident():
                return  # a signal came in the middle of `publish`, and its handler publishes, too
            with self._lock:
                self._owner = threading.get_ident()
                try:
                    self._publish(array, step, time, named)
                finally:
                    self._owner = 0
        except Exception as error:
            self._complain(error)

    def _publish(self, array: Any, step: Any, time: Any, named: dict[str, Any]) -> None:
        words = self._words
        self._count = count = self._count + 1
        now = clock.monotonic_ns()
        self._moment = moment = max(now, self._moment + 1)
        step = None if step is None else index(step)
        words[layout.HAS_STEP] = step is not None
        words[layout.STEP] = count - 1 if step is None else step
        words[layout.COUNT] = count
        scalars: list[tuple[str, float | int | bool]] = []
        values: list[tuple[str, Any]] = [] if array is None else [(self.name, array)]
        for name, value in named.items():
            number = number_of(value)
            if number is None:
                values.append((name, value))
            else:
                scalars.append((name, number))
        if words[layout.WATCHED_UNTIL] <= now:
            return
        time = None if time is None else float(time)
        arrays = [(name, self._part(array_of(name, value))) for name, value in values]
        slots = self._slots
        if slots is None or room_for(arrays) > slots.room:
            slots = self._allocate(room_for(arrays))
        self._sequence = sequence = self._sequence + 1
        slots.write(sequence, Stamp(count, moment, step, time), arrays, scalars, self._facts)
        words[layout.NEWEST] = sequence

    def _part(self, array: np.ndarray) -> np.ndarray:
        return array if self._region is None or array.ndim < 2 else array[(..., *self._region)]

    def _allocate(self, room: int) -> FrameSlots:
        old, self._slots = self._slots, None
        slots = FrameSlots(self._slot_count, room if old is None else max(room, old.room + old.room // 4))
        words = self._words
        words[layout.SLOTS_FD] = 0
        words[layout.SLOTS] = len(slots)
        words[layout.SLOT_BYTES] = slots.slot_bytes
        words[layout.SLOTS_INODE] = slots.memory.inode
        words[layout.SLOTS_FD] = slots.memory.descriptor
        if old is not None:
            old.close()
        self._slots = slots
        return slots

    def allocate(self, **arrays: Any) -> None:
        """Get the memory for frames of such arrays now, so that the first frame that somebody watches need not."""
        try:
            if self._control is not None:
                found = [(name, self._part(array_of(name, value))) for name, value in arrays.items()]
                self._allocate(room_for(found))
        except Exception as error:
            self._complain(error)

    def close(self, why: str = "") -> None:
        """Say that no frames come any more.  The last one stays with those who watch."""
        control, self._control = self._control, None
        if control is None:
            return
        _known.discard(self)
        control.end(why)
        if self._slots is not None:
            self._slots.close()
            self._slots = None
        control.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close("" if kind is None else kind.__name__)

    def _forget(self) -> None:
        """In a child of the calculation: let go of everything and say nothing."""
        control, self._control = self._control, None
        if control is not None:
            control.close()
        if self._slots is not None:
            self._slots.close()
            self._slots = None

    def _complain(self, error: Exception) -> None:
        text = str(error) or type(error).__name__
        if text not in self._complaints and len(self._complaints) < 100:
            self._complaints.add(text)
            logger.warning("cannot publish all of %s: %s", quoted(self.name), text)


#: The publishers of this process.
_known: weakref.WeakSet[Publisher] = weakref.WeakSet()


@atexit.register
def _end_all() -> None:
    for publisher in list(_known):
        publisher.close()


def _forget_all() -> None:
    for publisher in list(_known):
        publisher._forget()
    _known.clear()


os.register_at_fork(after_in_child=_forget_all)


def _checked_name(name: str) -> str:
    what = f"cannot publish as {quoted(name)}"
    if not isinstance(name, str) or not name.strip():
        raise RequestError(what, "it is no name", "give one, such as 'density'")
    if not name.isprintable() or "::" in name or "@" in name or "*" in name:
        raise RequestError(
            what, "the name cannot stand in an address", "leave out '::', '@', '*' and control characters"
        )
    if len(name.encode()) > layout.NAME_BYTES:
        raise RequestError(what, f"it is longer than {layout.NAME_BYTES} bytes", "give a shorter name")
    return name
