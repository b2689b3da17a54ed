"""The sentences about a frame of a live image: pure functions to text."""

from __future__ import annotations

import time

from ..numerals import numeral
from ..sources.frame import Frame, FramePart

__all__ = ["age_text", "frame_text", "frames_text", "late_parts", "part_text", "scalars_text"]

#: A part is late when it is so many seconds older than the newest one.
LATE_SECONDS = 2.0

#: Digits of the time of a calculation, and of scalars.
DIGITS = 6


def age_text(seconds: float) -> str:
    """Return an age: ``"0.1 s old"``, ``"45 s old"``, ``"3 min old"``, ``"2 h old"``."""
    if seconds < 60:
        return f"{seconds:.1f} s old" if seconds < 9.95 else f"{seconds:.0f} s old"
    minutes = int(seconds // 60)
    return f"{minutes} min old" if minutes < 60 else f"{minutes // 60} h old"


def frame_text(frame: Frame, aged: bool = True) -> str:
    """Return which frame it is: ``"step 812, t = 0.25, 0.1 s old"``."""
    words = []
    if frame.step is not None:
        words.append(f"step {frame.step}")
    if frame.time is not None:
        words.append(f"t = {numeral(frame.time, DIGITS)}")
    if aged and frame.age is not None:
        words.append(age_text(frame.age))
    return ", ".join(words)


def frames_text(frame: Frame, skipped: int = 0, behind: int = 0, paused: bool = False) -> str:
    """Return what is said of a frame and of those around it: ``"step 812, t = 0.25, 0.1 s old, 3 skipped"``."""
    words = [frame_text(frame)]
    if paused:
        words = ["paused", *words, f"{behind} newer"]
    elif skipped:
        words.append(f"{skipped} skipped")
    late = late_parts(frame)
    parts = ""
    if late and not (frame.state and len(late) == len(frame.parts)):  # where no part goes on, the state says so
        others = f" and {len(late) - 1} more" if len(late) > 1 else ""
        parts = part_text(late[0]) + others
    return "; ".join(part for part in (_joined(words), frame.state, parts) if part)


def late_parts(frame: Frame) -> tuple[FramePart, ...]:
    """Return the parts of a frame that have ended, were never there, or are late."""
    newest = max((part.since for part in frame.parts if part.since is not None), default=0.0)
    return tuple(part for part in frame.parts if part.state or part.since is None or newest - part.since > LATE_SECONDS)


def part_text(part: FramePart) -> str:
    """Return which part is late, and why: ``"density/3 lost, step 700, 12 s old"``."""
    words = [f"{part.name} {part.state or ('late' if part.since is not None else 'missing')}"]
    if part.step is not None and f"step {part.step}" not in part.state:
        words.append(f"step {part.step}")
    if part.since is not None:
        words.append(age_text(max(0.0, time.monotonic() - part.since)))
    return ", ".join(words)


def scalars_text(frame: Frame) -> str:
    """Return the numbers that were published beside the arrays, one a line: ``"energy = 0.5"``."""
    return "\n".join(
        f"{name} = {value if isinstance(value, bool | int) else numeral(value, DIGITS)}"
        for name, value in frame.scalars
    )


def _joined(words: list[str]) -> str:
    return ", ".join(word for word in words if word)
