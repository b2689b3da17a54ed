"""The head of a slot: everything of a frame but its arrays."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from . import layout
from .foreign_memory import ForeignMemory
from .form_text import form_of_text
from .forms import Form
from .published_frame import PublishedFrame
from .publisher_facts import BrokenMemory

__all__ = ["SlotHead", "head_of"]

_WORDS = struct.Struct(f"={layout.SLOT_WORDS}q")


@dataclass(frozen=True, slots=True)
class SlotHead:
    """What was read of a slot, which may be overwritten by now.

    Attributes
    ----------
    memory : ForeignMemory
    start : int
        Where the slot begins in it.
    sequence : int
        Of the frame.
    words : tuple of int
        See `layout`.
    form : Form
    scalars : dict of str to number
    """

    memory: ForeignMemory
    start: int
    sequence: int
    words: tuple[int, ...]
    form: Form
    scalars: Mapping[str, float | int | bool]

    def is_whole(self) -> bool:
        """Whether the slot still has this frame."""
        return _is_whole(self.memory, self.start, self.sequence)

    def frame(self, arrays: Mapping[str, np.ndarray]) -> PublishedFrame:
        """Return the frame with copies of its arrays."""
        words = self.words
        time = layout.FLOAT.unpack(layout.WORD.pack(words[layout.SLOT_TIME]))[0]
        return PublishedFrame(
            self.sequence,
            words[layout.SLOT_COUNT],
            words[layout.SLOT_MOMENT],
            words[layout.SLOT_STEP] if words[layout.SLOT_HAS_STEP] else None,
            time if words[layout.SLOT_HAS_TIME] else None,
            self.form,
            arrays,
            self.scalars,
        )


def head_of(memory: ForeignMemory, start: int, size: int, sequence: int) -> SlotHead | None:
    """Return the head of a slot of `size` bytes that begins at `start`; None if it has not the frame `sequence`.

    Raises
    ------
    BrokenMemory
        If there is something that no publisher writes.
    """
    head = memory.read(start, layout.ARRAYS_AT)
    if len(head) < layout.ARRAYS_AT:
        raise BrokenMemory("the memory of its frames ends too early")
    words = _WORDS.unpack_from(head)
    # The end is compared before the copy, and the beginning after it, as it was written the other way round.
    if words[layout.DONE] != sequence or words[layout.BEGUN] != sequence:
        return None
    try:
        length = words[layout.SLOT_FORM_BYTES]
        if not 0 < length <= layout.FORM_BYTES:
            raise BrokenMemory(f"the form of a frame has {length} bytes")
        if not 0 < words[layout.SLOT_COUNT] <= 1 << 62 or not 0 < words[layout.SLOT_MOMENT] <= 1 << 62:
            raise BrokenMemory("the count or the moment of a frame is none")
        form = form_of_text(head[layout.FORM_AT : layout.FORM_AT + length], size - layout.ARRAYS_AT)
        scalars = _scalars(head, words[layout.SLOT_SCALARS], form)
    except ValueError as error:
        if not _is_whole(memory, start, sequence):
            return None  # it was overwritten while it was read
        raise error if isinstance(error, BrokenMemory) else BrokenMemory(str(error)) from error
    return SlotHead(memory, start, sequence, words, form, scalars)


def _is_whole(memory: ForeignMemory, start: int, sequence: int) -> bool:
    begun = memory.read(start + 8 * layout.BEGUN, layout.WORD.size)
    return begun == layout.WORD.pack(sequence)


def _scalars(head: bytes, count: int, form: Form) -> dict[str, float | int | bool]:
    if count != len(form.scalars) or count > layout.MOST_SCALARS:
        raise BrokenMemory(f"a frame has {count} scalars and {len(form.scalars)} names of them")
    found: dict[str, float | int | bool] = {}
    for at, name in enumerate(form.scalars):
        place = layout.SCALARS_AT + 16 * at
        (kind,) = layout.WORD.unpack_from(head, place)
        value = (layout.FLOAT if kind == layout.FLOATING else layout.WORD).unpack_from(head, place + 8)[0]
        found[name] = bool(value) if kind == layout.BOOLEAN else value
    return found
