"""The slots of a publisher: copies of its newest frames, one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

import numpy as np

from . import layout
from .form_text import text_of_form
from .forms import ArrayForm, Facts, Form
from .memory import SharedMemory

__all__ = ["FrameSlots", "Kind", "Scalars", "Stamp", "form_of", "room_for"]

#: What an array is: its name, dtype and shape, its place in the whole image, and the shape of that or None.
Kind = tuple[str, np.dtype, tuple[int, ...], tuple[int, int], tuple[int, int] | None]

#: Numbers of a frame with their names.
Scalars = Sequence[tuple[str, float | int | bool]]

#: What tells the forms of two frames apart.
_Key = tuple[Facts, tuple[Kind, ...], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Stamp:
    """The numbers of one frame: its count, when it was published, its step and its time."""

    count: int
    moment: int
    step: int | None
    time: float | None


class _Slot:
    """One slot as the writer sees it: its words, and a view for each array of the form that it has."""

    def __init__(self, memory: memoryview) -> None:
        self._memory = memory
        self.words = memory[: layout.FORM_AT].cast("q")
        self.floats = memory[: layout.FORM_AT].cast("d")
        self.key: _Key | None = None
        self.views: list[np.ndarray] = []

    def take_form(self, key: _Key, form: Form, text: bytes) -> None:
        """Write the form, and make the views."""
        self.key = None
        self._memory[layout.FORM_AT : layout.FORM_AT + len(text)] = text
        self.words[layout.SLOT_FORM_BYTES] = len(text)
        room = self._memory[layout.ARRAYS_AT :]
        self.views = [
            np.ndarray(each.shape, np.dtype(each.dtype), room[each.offset : each.offset + each.nbytes])
            for each in form.arrays
        ]
        self.key = key


class FrameSlots:
    """Writes frames into shared memory, each into the slot that was written longest ago.

    Parameters
    ----------
    count : int
        How many slots, 3 or more: a reader has the time of two copies for its own.
    room : int
        Bytes for the arrays of a frame.

    Raises
    ------
    OSError
        If there is not so much memory.
    """

    def __init__(self, count: int, room: int) -> None:
        self.room = room
        self.slot_bytes = layout.aligned(layout.ARRAYS_AT + room, 4096)
        self.memory = SharedMemory("traitsview.live frames", count * self.slot_bytes)
        whole = memoryview(self.memory.map)
        self._slots = [_Slot(whole[at * self.slot_bytes : (at + 1) * self.slot_bytes]) for at in range(count)]

    def __len__(self) -> int:
        return len(self._slots)

    def write(
        self,
        sequence: int,
        stamp: Stamp,
        arrays: Sequence[tuple[Kind, np.ndarray]],
        scalars: Scalars,
        facts: Facts,
    ) -> None:
        """Copy a frame.  Readers see it as soon as the control block names `sequence`.

        If this fails or is interrupted, nobody sees the frame.
        """
        slot = self._slots[sequence % len(self._slots)]
        words = slot.words
        key = (facts, tuple([kind for kind, _ in arrays]), tuple([name for name, _ in scalars]))
        if key == slot.key:
            words[layout.BEGUN] = sequence
        else:
            form = form_of(*key)
            text = text_of_form(form, layout.FORM_BYTES)  # what is refused here leaves the older frames as they are
            words[layout.BEGUN] = sequence
            slot.take_form(key, form, text)
        for (_, array), view in zip(arrays, slot.views, strict=True):
            np.copyto(view, array)
        words[layout.SLOT_COUNT] = stamp.count
        words[layout.SLOT_MOMENT] = stamp.moment
        words[layout.SLOT_HAS_STEP] = stamp.step is not None
        words[layout.SLOT_STEP] = stamp.step or 0
        words[layout.SLOT_HAS_TIME] = stamp.time is not None
        slot.floats[layout.SLOT_TIME] = stamp.time or 0.0
        words[layout.SLOT_SCALARS] = len(scalars)
        at = layout.SCALARS_AT // 8
        for _, value in scalars:
            if type(value) is float:
                words[at] = layout.FLOATING
                slot.floats[at + 1] = value
            else:
                words[at] = layout.BOOLEAN if type(value) is bool else layout.INTEGER
                words[at + 1] = int(value)
            at += 2
        words[layout.DONE] = sequence

    def close(self) -> None:
        """Let go of the memory."""
        self._slots.clear()
        self.memory.close()


def room_for(arrays: Sequence[tuple[Kind, np.ndarray]]) -> int:
    """Return how many bytes the arrays of a frame need."""
    return sum(layout.aligned(array.nbytes) for _, array in arrays)


def form_of(facts: Facts, kinds: tuple[Kind, ...], scalars: tuple[str, ...]) -> Form:
    """Return the form of a frame, with the place of each array."""
    arrays, offset = [], 0
    for name, dtype, shape, place, whole in kinds:
        nbytes = prod(shape) * dtype.itemsize
        arrays.append(ArrayForm(name, dtype.str, shape, place, whole, offset, nbytes))
        offset += layout.aligned(nbytes)
    return Form(tuple(arrays), scalars, facts)
