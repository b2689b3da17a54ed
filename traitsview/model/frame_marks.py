"""The frames that are kept: which one lies some frames before or after another one."""

from __future__ import annotations

from collections.abc import Sequence

from ..sources.frame import Frame
from ..sources.questions.frames import FrameMark

__all__ = ["mark_after"]


def mark_after(marks: Sequence[FrameMark], version: int, frame: Frame, steps: int) -> FrameMark:
    """Return the mark that is some steps after a frame, or before it; at the ends, the first or the last mark.

    Parameters
    ----------
    marks : sequence of FrameMark
        The kept frames, the oldest first; not empty.
    version : int
        The version of the frame to go on from.
    frame : Frame
        Tells the place among the marks where the frame of that version is not kept any more.
    steps : int
        Less than 0: to older frames.  Not 0.
    """
    at = next((at for at, mark in enumerate(marks) if mark.version == version), None)
    if at is None:  # between two marks: the first step leads to one of them
        at = sum(mark.count < frame.count for mark in marks) - (steps > 0)
    return marks[min(max(at + steps, 0), len(marks) - 1)]
