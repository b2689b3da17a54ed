"""Frames of live images, and the marks of those that are kept.

The moments of two machines cannot be compared, so that ages cross in their place.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from ...sources.frame import Frame, FramePart, Scalar
from ...sources.questions.frames import FrameMark
from ..protocol.channel import AttachmentChannel
from .images import pack_info, unpack_info
from .texts import TEXT, unpack_text, unpack_words, words
from .values import finite, refusal, sized, typed, unpack_sequence, within
from .viewports import unpack_extent

__all__ = ["pack_frame", "pack_marks", "pack_opened", "unpack_frame", "unpack_marks", "unpack_opened"]

#: Scalars and parts of a frame, and kept frames that are told of, at most.
SCALARS = 256
PARTS = 4096
MARKS = 1 << 14

#: Characters of a name, of an identity and of the state of a part at most.
_NAME_CHARACTERS = 256

#: The largest step, up or down.
_LARGEST_STEP = 1 << 63


def pack_opened(frame: Frame, identity: str, channel: AttachmentChannel) -> tuple[object, ...]:
    """Return the form of the newest frame of an image that was opened and of the identity of its source."""
    return pack_frame(frame, channel), identity[:_NAME_CHARACTERS]


def unpack_opened(value: object, channel: AttachmentChannel) -> tuple[Frame, str]:
    """Return the newest frame of an image that was opened, and the identity of its source."""
    frame, identity = sized(value, 2)
    return unpack_frame(frame, channel), unpack_text(identity, _NAME_CHARACTERS)


def pack_frame(frame: Frame, channel: AttachmentChannel) -> tuple[object, ...]:
    """Return the form of a frame."""
    now = time.monotonic()
    return (
        pack_info(frame.info, channel),
        _pack_step(frame.step),
        _pack_float(frame.time),
        _pack_age(frame.since, now),
        int(frame.count),
        tuple((words(name, _NAME_CHARACTERS), _pack_scalar(value)) for name, value in frame.scalars[:SCALARS]),
        words(frame.state, TEXT),
        tuple(_pack_part(part, now) for part in frame.parts[:PARTS]),
    )


def unpack_frame(value: object, channel: AttachmentChannel) -> Frame:
    """Return a frame."""
    info, step, moment, age, count, scalars, state, parts = sized(value, 8)
    if len(typed(scalars, tuple)) > SCALARS or len(typed(parts, tuple)) > PARTS:
        raise refusal(f"{len(scalars)} scalars and {len(parts)} parts of a frame")
    now = time.monotonic()
    return Frame(
        info=unpack_info(info, channel),
        step=_unpack_step(step),
        time=_unpack_float(moment),
        since=_unpack_age(age, now),
        count=unpack_sequence(count),
        scalars=tuple(_unpack_scalar(scalar) for scalar in scalars),
        state=unpack_words(state, TEXT),
        parts=tuple(_unpack_part(part, now) for part in parts),
    )


def pack_marks(marks: Sequence[FrameMark]) -> tuple[object, ...]:
    """Return the form of the marks of kept frames, of the newest `MARKS` if there are more."""
    return tuple(
        (int(mark.version), _pack_step(mark.step), _pack_float(mark.time), int(mark.count)) for mark in marks[-MARKS:]
    )


def unpack_marks(value: object) -> tuple[FrameMark, ...]:
    """Return the marks of kept frames."""
    forms: tuple[object, ...] = typed(value, tuple)
    if len(forms) > MARKS:
        raise refusal(f"{len(forms)} frames, at most {MARKS}")
    marks = []
    for form in forms:
        version, step, moment, count = sized(form, 4)
        marks.append(
            FrameMark(unpack_sequence(version), _unpack_step(step), _unpack_float(moment), unpack_sequence(count))
        )
    return tuple(marks)


def _pack_part(part: FramePart, now: float) -> tuple[object, ...]:
    extent = tuple(float(edge) for edge in part.extent)
    name, state = (words(text, _NAME_CHARACTERS) for text in (part.name, part.state))
    return name, extent, _pack_step(part.step), _pack_age(part.since, now), state


def _unpack_part(value: object, now: float) -> FramePart:
    name, extent, step, age, state = sized(value, 5)
    edges = unpack_extent(extent)
    if edges is None:
        raise refusal("a part of a frame without an extent")
    texts = (unpack_words(text, _NAME_CHARACTERS) for text in (name, state))
    return FramePart(next(texts), edges, _unpack_step(step), _unpack_age(age, now), next(texts))


def _pack_scalar(value: float | int | bool) -> float | int | bool:
    whole = isinstance(value, int) and abs(value) <= _LARGEST_STEP
    return value if isinstance(value, bool) else int(value) if whole else float(value)


def _unpack_scalar(value: object) -> Scalar:
    name, found = sized(value, 2)
    if type(found) is int:
        found = within(found, -_LARGEST_STEP, _LARGEST_STEP)
    elif type(found) is not bool:
        found = typed(found, float)
    return unpack_words(name, _NAME_CHARACTERS), found


def _pack_step(step: int | None) -> int | None:
    return None if step is None else max(-_LARGEST_STEP, min(int(step), _LARGEST_STEP))


def _unpack_step(value: object) -> int | None:
    return None if value is None else within(value, -_LARGEST_STEP, _LARGEST_STEP)


def _pack_float(value: float | None) -> float | None:
    return None if value is None else float(value)


def _unpack_float(value: object) -> float | None:
    return None if value is None else typed(value, float)


def _pack_age(since: float | None, now: float) -> float | None:
    return None if since is None else max(0.0, now - since)


def _unpack_age(value: object, now: float) -> float | None:
    if value is None:
        return None
    age = finite(value)
    if age < 0:
        raise refusal(f"a frame that is {-age:g} s younger than now")
    return now - age
